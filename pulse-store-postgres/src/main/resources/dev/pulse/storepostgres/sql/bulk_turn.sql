-- The next pending or running jobs that a bulk act matches, by lane and place. Caller: BulkScan.
-- Looks at a window of rows at most, whatever matches; the last row says how far it looked. A keyset on (lane, seq); the
-- bound is a seq: what got its place after the start is left alone, a job that was requeued meanwhile included.
-- Locks: none. Index: turn_key; each job's facts are a probe.
with win as materialized (
    select job_id as id, lane, seq from pulse.turn
     where (lane, seq) > (coalesce(nullif(split_part(:place, '/', 1), ''), '0')::int,
                          coalesce(nullif(split_part(:place, '/', 2), ''), '0')::bigint)
     order by lane, seq limit :window
), hit as materialized (
    select w.lane || '/' || w.seq as place, s.id
      from (select win.* from win join pulse.lane l on l.number = win.lane
             where (:type::text is null or l.type = :type) and (:queue::text is null or l.queue = :queue)) w
     cross join lateral (select id, type, queue, origin, tags, created_at, status, error_message, bundle_id, headers
                           from pulse.job_state where id = w.id limit 1) s
     where w.seq < :bound::bigint and s.created_at <= :started::timestamptz
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
     order by w.lane, w.seq
     limit :chunk
)
select place, id, null::bigint as looked from hit
 union all
select (select lane || '/' || seq from win order by lane desc, seq desc limit 1), null, (select count(*) from win)
