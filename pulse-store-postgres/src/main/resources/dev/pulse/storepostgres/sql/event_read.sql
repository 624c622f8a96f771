-- Reads rows of the feed from a place on, and how far the feed reaches. Caller: Feed. Upholds the feeds' promise: a row whose
-- transaction is below the snapshot's xmin is decided, and none can be added before it any more.
-- Locks: none. Index: event_place of each day, merged; the window bounds the events, the limit the rows.
-- One row without an event where there is none.
with feed as materialized (
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + feed_shift as horizon,
           feed_dropped_position as dropped_position, feed_dropped_seq as dropped_seq
      from pulse.control
)
select f.horizon, f.dropped_position, f.dropped_seq, e.position, e.seq, e.at, e.kinds::text[] as kinds, e.subjects, e.lanes,
       e.attempts, e.bundle_type
  from feed f
  left join lateral (
        select * from (
            select w.*, sum(w.n) over (order by w.position, w.seq rows unbounded preceding) - w.n as before from (
                select position, seq, at, n, kinds, subjects, lanes, attempts, bundle_type
                  from pulse.event
                 where (position, seq) >= (:position::bigint, :seq::bigint) and position < f.horizon
                 order by position, seq limit :rows) w) b
         where b.before < :events) e on true
 order by e.position, e.seq
