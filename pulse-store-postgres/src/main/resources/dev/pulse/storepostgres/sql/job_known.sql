-- The content hashes of ids that an insert met. Caller: PgJobStore.insert, after job_insert left them out.
-- Upholds P6: same id and same content is the same job, other content a conflict.
-- Locks: none. Index: job_pkey, job_other_pkey.
-- Fenced by limit 1, so that each id is an index probe whatever the statistics say.
select o.id, f.content_hash
  from unnest(:ids::uuid[]) as o(id)
 cross join lateral (select content_hash from pulse.job_fact where id = o.id limit 1) f
