-- Takes running jobs, newest first, by a pass over all turns. Caller: JobLister, where a backlog is too long to be sorted.
-- Running turns stand in no index of their own, so that a claim is a HOT update (E8): the pass costs what the backlog is long.
-- Locks: none. Index: none, job_pkey.
-- Each probe is fenced by limit 1.
with looked as materialized (
    select t.job_id as place, t.lane from pulse.turn t
     where t.status = 'running' and t.job_id < :before::uuid and t.job_id >= :after::uuid
     order by t.job_id desc
     limit :look
), fit as materialized (
    select k.place as id, k.place from looked k
     join pulse.lane l on l.number = k.lane
     where (:type::text is null or l.type = :type) and (:queue::text is null or l.queue = :queue)
), found as materialized (
    select f.place, s.id, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers, s.tags, s.origin, s.key,
           s.max_attempts, s.backoff, s.timeout_ms, s.created_at, s.status::text as status, s.attempt, s.run_at, s.started_at,
           s.finished_at, s.result, s.result_type, s.error_type, s.error_message, s.error_stack, s.bundle_id
      from fit f
     cross join lateral (select * from pulse.job_state where id = f.id limit 1) s
     where (:status::text is null or s.status::text = :status)
       and (:type::text is null or s.type = :type)
       and (:queue::text is null or s.queue = :queue)
       and (:origin::text is null or s.origin = :origin)
       and (:tags::jsonb is null or s.tags @> :tags::jsonb)
       and (:text::text is null or strpos(lower(s.error_message), lower(:text)) > 0)
       and (:since::timestamptz is null or s.created_at >= :since::timestamptz)
       and (:until::timestamptz is null or s.created_at < :until::timestamptz)
     order by f.place desc
     limit :limit
)
select m.looked, m.fitting, m.reached, m.crowded, f.*
  from (select (select count(*) from looked) as looked, (select count(*) from fit) as fitting,
               (select place from looked order by place limit 1) as reached, false as crowded) m
  left join found f on true
 order by f.place desc
