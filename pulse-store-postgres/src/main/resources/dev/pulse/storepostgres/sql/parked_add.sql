-- Parks an event. Callers: PgEventStore.lease, fail.
-- Locks: a new row.
-- Index: parked_event_pkey.
-- An event that was parked before, and came again, is parked anew.
insert into pulse.parked_event (subscription, position, seq, place, at, kind, subject, type, queue, attempt, deliveries, error,
                                parked_at)
values (:name::text, :position::bigint, :seq::bigint, :place::int, :at::timestamptz, :kind::pulse.event_kind, :subject::uuid,
        :type::text, :queue::text, :attempt::int, :deliveries::int, :error::text, pulse.now())
    on conflict (subscription, position, seq, place)
    do update set deliveries = excluded.deliveries, error = excluded.error, parked_at = excluded.parked_at
