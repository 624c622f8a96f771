-- Stores a changed schedule. Callers: PgScheduleStore.change, with the row held.
-- Raises its version; what fires count is left alone, but for what a change skips.
-- Locks: the row is held. Index: schedule_pkey.
-- One row. A name that is another's is a unique violation.
update pulse.schedule
   set name = :name::text, version = version + 1, type = :type, queue = :queue, priority = :priority::int,
       payload = :payload::bytea, content_type = :content_type::text, headers = :headers::json, tags = :tags::jsonb,
       origin = :origin::text, max_attempts = :max_attempts::int, backoff = :backoff::text, timeout_ms = :timeout_ms::bigint,
       once_at = :once_at::timestamptz, after_ms = :after_ms::bigint, every_ms = :every_ms::bigint,
       fixed_delay = :fixed_delay::boolean, cron = :cron::text, zone = :zone, start_at = :start_at::timestamptz,
       end_at = :end_at::timestamptz, jitter_ms = :jitter_ms::bigint, excluded = :excluded::date[], misfire = :misfire,
       misfire_limit = :misfire_limit::int, misfire_rate = :misfire_rate::double precision, overlap = :overlap,
       status = :status::pulse.schedule_status, paused_by = :paused_by::text, paused_at = :paused_at::timestamptz,
       reason = :reason::text, fault = :fault::text, anchor = :anchor::timestamptz, cursor_at = :cursor_at::timestamptz,
       next_at = :next_at::timestamptz, waiting = :waiting::boolean, look_at = :next_at::timestamptz, skipped = :skipped::bigint,
       declared_by = :declared_by::text, missing_since = :missing_since::timestamptz, updated_at = pulse.now()
 where id = :id::uuid
returning *
