-- The log of one job, oldest first, from a line on. Caller: PgNoteStore.read.
-- Zero rows: nothing new.
-- Locks: none. Index: job_log_pkey.
-- Lines of one job come from one server at a time, so that their numbers show in order.
select n, attempt, at, level, message
  from pulse.job_log
 where job_id = :job_id::uuid and n > :after
 order by n
 limit :limit
