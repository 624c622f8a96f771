-- Locks the holders of keys. Caller: PgJobStore.insert, requeue, for the keys that key_take left out.
-- The answer says who holds it; whether the holder still counts is asked by key_spent, with a snapshot after the lock.
-- Locks: job_key rows, in key order. Index: job_key_pkey.
-- A holder that vanished meanwhile is left out: the caller begins again.
select k.type, k.key, k.job_id, k.content_hash
  from unnest(:types::text[], :keys::text[]) as o(type, key)
 cross join lateral (select type, key, job_id, content_hash from pulse.job_key
                      where type = o.type and key = o.key for update) k
 order by k.type, k.key
