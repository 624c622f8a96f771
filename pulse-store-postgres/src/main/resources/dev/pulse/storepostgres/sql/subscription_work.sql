-- Whether a lease may find anything. Caller: PgEventStore.lease, before it locks: waiting consumers must not write.
-- Locks: none.
-- Index: subscription_pkey, delivery_of, event_place.
-- Zero rows: there is no such subscription.
select exists (select from pulse.delivery d
                where d.subscription = s.name and (d.lease_until <= pulse.now() or d.ready_at <= pulse.now()))
       or exists (select from pulse.event e
                   where (e.position, e.seq) >= (s.position, s.seq)
                     and e.position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + c.feed_shift) as found
  from pulse.subscription s cross join pulse.control c
 where s.name = :name::text
