-- The events that a subscription gave up, oldest first. Caller: PgEventStore.parked.
-- Locks: none.
-- Index: parked_event_pkey.
-- They hold what they tell: the feed may have dropped them.
select position, seq, place, at, kind::text as kind, subject, type, queue, attempt, deliveries, error, parked_at
  from pulse.parked_event where subscription = :name::text
 order by position, seq, place limit :limit
