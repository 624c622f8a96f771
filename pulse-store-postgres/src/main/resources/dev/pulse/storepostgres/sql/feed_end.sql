-- How far the feed reaches, and the last row that was dropped. Caller: Feed.
-- Locks: none.
-- Index: control_pkey.
-- Always one row.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + feed_shift as horizon,
       feed_dropped_position as dropped_position, feed_dropped_seq as dropped_seq
  from pulse.control
