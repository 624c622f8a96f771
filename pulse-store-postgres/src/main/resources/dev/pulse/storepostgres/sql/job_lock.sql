-- Locks the facts of one job, so that operators' acts on it go one after the other. Callers: PgJobStore.requeue, delete.
-- Facts are never updated: the lock is for this alone.
-- Locks: the facts for update. Index: job_pkey, job_other_pkey.
-- Zero rows: there is no such job.
select * from (select type, key, content_hash from pulse.job where id = :id::uuid for update) day
 union all
select * from (select type, key, content_hash from pulse.job_other where id = :id::uuid for update) other
