-- Takes the turns of the lanes that may match, up to :most, and answers the jobs among them that do, newest first.
-- Caller: JobLister, for pending and running jobs while there are no more turns than that; crowded says that there are.
-- Locks: none. Index: turn_key, job_pkey.
-- Turns stand in the order of their lines, not of their ids: so all of them are taken, and sorted.
with looked as materialized (
    select t.job_id as place, t.status
      from pulse.lane l
     cross join lateral (select job_id, status from pulse.turn where lane = l.number order by seq limit :most) t
     where (:type::text is null or l.type = :type) and (:queue::text is null or l.queue = :queue)
     limit :most
), fit as materialized (
    select k.place as id, k.place from looked k
     where k.place < :before::uuid and k.place >= :after::uuid and k.status::text = :status
     order by k.place desc
     limit :look
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
               (select place from fit order by place limit 1) as reached, (select count(*) from looked) >= :most as crowded) m
  left join found f on true
 order by f.place desc
