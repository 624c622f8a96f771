-- One page of jobs, newest first, driven by the facts. Caller: PgJobStore.list, for no status, pending and the final ones.
-- The cursor is the last row's list_id: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: job_pkey backwards, job_other_list.
-- Statuses held by a small table have lists of their own: job_list_due, job_list_dead, job_list_running.
select s.id, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers, s.tags, s.origin, s.key, s.max_attempts,
       s.backoff, s.timeout_ms, s.created_at, s.list_id, s.status::text as status, s.attempt, s.run_at, s.started_at, s.finished_at,
       s.result, s.result_type, s.error_type, s.error_message, s.error_stack
  from pulse.job_state s
 where s.list_id < :before::uuid
   and (:status::text is null or s.status::text = :status)
   and (:type::text is null or s.type = :type)
   and (:queue::text is null or s.queue = :queue)
   and (:origin::text is null or s.origin = :origin)
   and (:tags::jsonb is null or s.tags @> :tags::jsonb)
   and (:text::text is null or strpos(lower(s.error_message), lower(:text)) > 0)
   and (:since::timestamptz is null or s.created_at >= :since::timestamptz)
   and (:until::timestamptz is null or s.created_at < :until::timestamptz)
 order by s.list_id desc
 limit :limit
