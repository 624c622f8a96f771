-- Stores a schedule, unless its id or name is taken or there are too many. Caller: PgScheduleStore.create.
-- The clock is the one that its first occurrence was computed from, read in the same transaction.
-- Locks: a new row. Index: schedule_pkey, schedule_name_key.
-- Zero rows: taken, or too many; the caller asks which.
insert into pulse.schedule (id, name, type, queue, priority, payload, content_type, headers, tags, origin, max_attempts, backoff,
                            timeout_ms, once_at, after_ms, every_ms, fixed_delay, cron, zone, start_at, end_at, jitter_ms,
                            excluded, misfire, misfire_limit, misfire_rate, overlap, status, anchor, cursor_at, next_at, look_at,
                            declared_by, created_at, updated_at)
select :id::uuid, :name::text, :type, :queue, :priority::int, :payload::bytea, :content_type::text, :headers::json, :tags::jsonb,
       :origin::text, :max_attempts::int, :backoff::text, :timeout_ms::bigint, :once_at::timestamptz, :after_ms::bigint,
       :every_ms::bigint, :fixed_delay::boolean, :cron::text, :zone, :start_at::timestamptz, :end_at::timestamptz,
       :jitter_ms::bigint, :excluded::date[], :misfire, :misfire_limit::int, :misfire_rate::double precision, :overlap,
       'active', :anchor::timestamptz, :cursor_at::timestamptz, :next_at::timestamptz, :next_at::timestamptz,
       :declared_by::text, :now::timestamptz, :now::timestamptz
 where (select count(*) from (select from pulse.schedule limit :most::int) there) < :most::int
    on conflict do nothing
returning *
