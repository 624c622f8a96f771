-- The status of one job. Callers: PgJobStore's acts, to say why one was refused.
-- Zero rows: there is no such job.
-- Locks: none. Index: job_pkey, turn_key, turn_reseated, due_pkey, attempt_pkey.
-- Read with a snapshot after the locks of the act.
select status::text as status from pulse.job_state where id = :id::uuid
