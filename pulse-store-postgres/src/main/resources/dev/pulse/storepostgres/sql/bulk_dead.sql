-- The next dead letters that a bulk act matches, oldest first. Caller: BulkScan.
-- Looks at a window of rows at most, whatever matches; the last row says how far it looked. A keyset on the job's id.
-- Locks: none. Index: dead_pkey; each job's facts are a probe.
-- What was submitted after the start is left alone.
with win as materialized (
    select job_id as id, lane from pulse.dead
     where job_id > coalesce(nullif(:place, ''), '00000000-0000-0000-0000-000000000000')::uuid and job_id <= :bound::uuid
     order by job_id limit :window
), hit as materialized (
    select w.id::text as place, s.id
      from (select win.id from win join pulse.lane l on l.number = win.lane
             where (:type::text is null or l.type = :type) and (:queue::text is null or l.queue = :queue)) w
     cross join lateral (select id, type, queue, origin, tags, created_at, status, error_message, bundle_id, headers
                           from pulse.job_state where id = w.id limit 1) s
     where s.created_at <= :started::timestamptz
       and (:status::text is null or s.status::text = :status)
       and (:type::text is null or s.type = :type)
       and (:queue::text is null or s.queue = :queue)
       and (:origin::text is null or s.origin = :origin)
       and (:tags::jsonb is null or s.tags @> :tags::jsonb)
       and (:text::text is null or strpos(lower(s.error_message), lower(:text)) > 0)
       and (:since::timestamptz is null or s.created_at >= :since::timestamptz)
       and (:until::timestamptz is null or s.created_at < :until::timestamptz)
       and (:bundle::uuid is null or s.bundle_id = :bundle::uuid)
       and (:schedule::text is null or s.headers ->> ('pulse' || '.schedule-id') = :schedule)
     order by w.id
     limit :chunk
)
select place, id, null::bigint as looked from hit
 union all
select (select id::text from win order by id desc limit 1), null, (select count(*) from win)
