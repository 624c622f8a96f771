-- Gives spent keys to new holders, by compare-and-set on the holder. Caller: PgJobStore.insert, requeue. Upholds P6.
-- Locks: job_key rows, held already. Index: job_key_pkey.
-- The old holder's id stands in the condition, so that a takeover never overwrites one that it did not judge.
-- Zero rows for a key means that the caller begins again.
update pulse.job_key k
   set job_id = o.job_id, content_hash = o.content_hash, expires_at = pulse.now() + o.ttl_ms * interval '1 ms'
  from unnest(:types::text[], :keys::text[], :job_ids::uuid[], :content_hashes::uuid[], :ttls::bigint[], :holders::uuid[])
       as o(type, key, job_id, content_hash, ttl_ms, holder)
 where k.type = o.type and k.key = o.key and k.job_id = o.holder
returning k.type, k.key
