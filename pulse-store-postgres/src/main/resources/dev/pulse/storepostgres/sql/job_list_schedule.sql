-- Looks at the jobs of a schedule, newest first, and answers those that match, in whatever status. Caller: JobLister.
-- Bounded by :look: the answer says where the look ended, and the next one goes on there.
-- Locks: none. Index: occurrence_job backwards, job_pkey, job_other_pkey.
-- The filter on facts comes before the probes for the status; each probe is fenced by limit 1.
with looked as materialized (
    select f.id, o.job_id as place, f.type, f.queue, f.origin, f.tags, f.created_at, f.bundle_id
      from (select job_id from pulse.occurrence
             where schedule = :schedule::uuid and job_id < :before::uuid and job_id >= :after::uuid
             order by job_id desc
             limit :look) o
      left join lateral (select id, type, queue, origin, tags, created_at, bundle_id
                           from pulse.job_fact where id = o.job_id limit 1) f on true
), fit as materialized (
    select id, place from looked
     where id is not null
       and (:bundle::uuid is null or bundle_id = :bundle::uuid)
       and (:type::text is null or type = :type)
       and (:queue::text is null or queue = :queue)
       and (:origin::text is null or origin = :origin)
       and (:tags::jsonb is null or tags @> :tags::jsonb)
       and (:since::timestamptz is null or created_at >= :since::timestamptz)
       and (:until::timestamptz is null or created_at < :until::timestamptz)
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
