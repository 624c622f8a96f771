-- Forgets a delivery by its number: parked, split, or its events are no more. Caller: PgEventStore.lease.
-- Locks: the delivery (held).
-- Index: delivery_pkey.
-- Under the subscription's lock.
delete from pulse.delivery where id = :id::bigint
