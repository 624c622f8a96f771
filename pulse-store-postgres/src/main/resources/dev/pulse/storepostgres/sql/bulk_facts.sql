-- The next jobs that a bulk act matches, oldest first, driven by the facts. Caller: BulkScan, for no status and the final ones.
-- Looks at a window of rows at most, whatever matches; the last row says how far it looked. A keyset on list_id.
-- Locks: none. Index: job_pkey, job_other_list; each job's status is a probe.
-- What was submitted after the start is left alone.
with win as materialized (
    select id, list_id, type, queue from pulse.job_fact
     where list_id > coalesce(nullif(:place, ''), '00000000-0000-0000-0000-000000000000')::uuid
       and list_id <= :bound::uuid
     order by list_id limit :window
), hit as materialized (
    select w.list_id::text as place, s.id
      from (select * from win where (:type::text is null or type = :type) and (:queue::text is null or queue = :queue)) w
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
     order by w.list_id
     limit :chunk
)
select place, id, null::bigint as looked from hit
 union all
select (select list_id::text from win order by list_id desc limit 1), null, (select count(*) from win)
