-- The history of one job, oldest first, its last 1000 rows. Caller: PgJobStore.find.
-- A cancel of a waiting job has no worker and no start.
-- Locks: none. Index: attempt_pkey, attempt_other_pkey.
-- The bound is the contract's: max_attempts is at most 1000.
select attempt, worker, outcome::text as outcome, started_at, ended_at, error_type, error_message, error_stack
  from (select * from pulse.attempt_all where job_id = :id::uuid order by no desc limit 1000) a
 order by no
