-- Locks a subscription for one lease. Caller: PgEventStore.lease. Leases of one subscription go one after the other.
-- Locks: the subscription.
-- Index: subscription_pkey, delivery_of.
-- Zero rows: there is no such subscription.
select s.kinds, s.types, s.queues, s.position, s.seq, s.place, s.gap_position, s.gap_seq, s.gap_pending,
       (select count(*) from pulse.delivery d where d.subscription = s.name) as deliveries
  from pulse.subscription s where s.name = :name::text for update
