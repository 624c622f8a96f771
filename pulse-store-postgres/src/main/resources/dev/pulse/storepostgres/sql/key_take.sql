-- Takes free idempotency keys; one that somebody else is just taking is waited for. Caller: PgJobStore.insert, requeue.
-- Upholds P6. A key that is left out of the answer has a holder: see key_holder.
-- Locks: new rows, in key order (one order for all batches). Index: job_key_pkey.
-- Runs in the transaction that stores the jobs, before them.
insert into pulse.job_key (type, key, job_id, content_hash, expires_at)
select o.type, o.key, o.job_id, o.content_hash, pulse.now() + o.ttl_ms * interval '1 ms'
  from unnest(:types::text[], :keys::text[], :job_ids::uuid[], :content_hashes::uuid[], :ttls::bigint[])
       as o(type, key, job_id, content_hash, ttl_ms)
 order by o.type, o.key
    on conflict (type, key) do nothing
returning type, key
