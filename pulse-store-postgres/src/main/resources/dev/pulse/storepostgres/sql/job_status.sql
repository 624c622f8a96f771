-- The statuses of jobs. Caller: JobActs, to say why an act on one was refused.
-- A job that is left out does not exist.
-- Locks: none. Index: job_pkey, turn_key, turn_reseated, due_pkey, attempt_pkey.
-- Read with a snapshot after the locks of the act.
select o.id, s.status::text as status
  from unnest(:ids::uuid[]) as o(id)
 cross join lateral (select status from pulse.job_state where id = o.id limit 1) s
