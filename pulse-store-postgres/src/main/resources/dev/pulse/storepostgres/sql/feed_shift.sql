-- Moves the feed on in a cluster that counts its transactions from lower numbers: one that a dump was restored into.
-- Caller: PgStores.open, before anything is written.
-- Locks: the control row. Index: event_place.
-- Zero rows: the cluster is ahead of all that was written, as it is but after a restore.
with known as materialized (
    select greatest((select max(position) from pulse.event), (select max(position) from pulse.subscription),
                    (select tx_until from pulse.rollup_state)) as position,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next
)
update pulse.control c
   set feed_shift = k.position + 1 - k.next
  from known k
 where k.position > k.next + c.feed_shift
