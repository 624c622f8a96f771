-- One page of dead letters, newest first, driven by the table that holds them. Caller: PgJobStore.list.
-- The cursor is the last row's job id: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: dead_pkey, job_pkey.
-- Fenced by limit 1: each job is a probe whatever the statistics say.
select s.id, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers, s.tags, s.origin, s.key, s.max_attempts,
       s.backoff, s.timeout_ms, s.created_at, s.list_id, s.status::text as status, s.attempt, s.run_at, s.started_at, s.finished_at,
       s.result, s.result_type, s.error_type, s.error_message, s.error_stack
  from pulse.dead d
 cross join lateral (select * from pulse.job_state where id = d.job_id limit 1) s
 where d.job_id < :before::uuid
   and true
   and (:type::text is null or s.type = :type)
   and (:queue::text is null or s.queue = :queue)
   and (:origin::text is null or s.origin = :origin)
   and (:tags::jsonb is null or s.tags @> :tags::jsonb)
   and (:text::text is null or strpos(lower(s.error_message), lower(:text)) > 0)
   and (:since::timestamptz is null or s.created_at >= :since::timestamptz)
   and (:until::timestamptz is null or s.created_at < :until::timestamptz)
 order by d.job_id desc
 limit :limit
