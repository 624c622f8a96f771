-- Looks at some of the history, newest jobs first, and answers the canceled jobs in it that match. Caller: JobLister.
-- Bounded by :look, however little matches: the answer says where the look ended, and the next one goes on there.
-- Locks: none. Index: attempt_canceled backwards, job_other_list, job_pkey.
-- Jobs beside the days come from their facts, because their ids need not carry their time; each probe is fenced by limit 1.
with looked as materialized (
    select id, place, no, lane, ended_as, beside
      from ((select job_id as id, job_id as place, no, lane, ended_as, false as beside from pulse.attempt
              where job_id < :before::uuid and job_id >= :after::uuid and ended_as = 'canceled'
              order by job_id desc, no desc
              limit :look)
             union all
            (select id, list_id, 0, lane, null, true from pulse.job_other
              where list_id < :before::uuid and list_id >= :after::uuid
              order by list_id desc
              limit :look)) k
     order by place desc, no desc
     limit :look
), fit as materialized (
    select distinct k.id, k.place
      from looked k
      left join pulse.lane l on l.number = k.lane
     where (k.lane is null or (:type::text is null or l.type = :type) and (:queue::text is null or l.queue = :queue))
       and (k.beside or k.ended_as = 'canceled' and not exists (select from pulse.job_other o where o.id = k.id))
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
