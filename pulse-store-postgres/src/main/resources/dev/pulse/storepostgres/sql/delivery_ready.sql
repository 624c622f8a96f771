-- The oldest delivery of a subscription that failed and is due, or whose consumer was lost. Caller: PgEventStore.lease, under
-- the subscription's lock.
-- Locks: the delivery: a consumer that settles it now is waited for. Index: delivery_of.
-- Zero rows: none.
select id, n, tries, gap, from_position, from_seq, from_place, until_position, until_seq, until_place, error,
       lease_until is not null as lost
  from pulse.delivery
 where subscription = :name::text and (lease_until <= pulse.now() or ready_at <= pulse.now())
 order by id limit 1 for update
