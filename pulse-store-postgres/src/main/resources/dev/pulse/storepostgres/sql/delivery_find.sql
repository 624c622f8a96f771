-- A delivery by its token, for the consumer that has it. Callers: PgEventStore.extend, fail. The token is the fence.
-- Locks: the delivery.
-- Index: delivery_of.
-- Zero rows: stale.
select id, n, tries, gap, from_position, from_seq, from_place, until_position, until_seq, until_place, error,
       lease_until is not null as lost
  from pulse.delivery where subscription = :name::text and token = :token::uuid for update
