-- One job as it stands. Caller: PgJobStore.find.
-- Zero rows: there is no such job.
-- Locks: none. Index: job_pkey, turn_key, turn_reseated, due_pkey, attempt_pkey.
-- worker and since describe the running attempt, which has no history row yet.
select s.id, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers, s.tags, s.origin, s.key, s.max_attempts,
       s.backoff, s.timeout_ms, s.created_at, s.list_id, s.status::text as status, s.attempt, s.run_at, s.started_at, s.finished_at,
       s.result, s.result_type, s.error_type, s.error_message, s.error_stack, s.bundle_id, s.since,
       (select worker from pulse.session w where w.id = s.session) as worker
  from pulse.job_state s
 where s.id = :id::uuid
