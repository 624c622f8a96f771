-- Forgets a delivery whose events are handled. Callers: PgEventStore.settle, lease. The token is the fence.
-- Locks: the delivery.
-- Index: delivery_of.
-- Zero rows: stale.
delete from pulse.delivery where subscription = :name::text and token = :token::uuid
