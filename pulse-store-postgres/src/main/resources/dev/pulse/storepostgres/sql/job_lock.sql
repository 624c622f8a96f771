-- Locks the facts of jobs, in the order of their ids, so that operators' acts on them go one after the other.
-- Caller: JobActs.requeue, delete. Facts are never updated: the lock is for this alone.
-- Locks: the facts for update. Index: job_pkey, job_other_pkey.
-- A job that is left out does not exist.
select f.id, f.type, f.key, f.content_hash
  from (select id from unnest(:ids::uuid[]) as u(id) order by id) o
 cross join lateral (
        select * from (select id, type, key, content_hash from pulse.job where id = o.id for update) day
         union all
        select * from (select id, type, key, content_hash from pulse.job_other where id = o.id for update) other) f
