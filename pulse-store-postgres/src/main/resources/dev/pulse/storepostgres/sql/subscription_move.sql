-- Moves a subscription on, and notes a gap. Caller: PgEventStore.lease, under its lock.
-- Locks: the subscription (held).
-- Index: subscription_pkey.
-- The update fits on the page: no index has these columns.
update pulse.subscription
   set position = :position::bigint, seq = :seq::bigint, place = :place::int,
       gaps = gaps + case when :gap_found::boolean then 1 else 0 end,
       last_gap_at = case when :gap_found::boolean then pulse.now() else last_gap_at end,
       gap_position = :gap_position::bigint, gap_seq = :gap_seq::bigint, gap_pending = :gap_pending::boolean
 where name = :name::text
