-- The last row of one slot, where that is older than the time given and the slot is not today's. Caller: Feed.prune.
-- Locks: none.
-- Index: event_place of the slot.
-- Zero rows: nothing to drop there.
select position, seq from (
    select position, seq, at from pulse.event
     where slot = :slot::int and :slot::int <> pulse.event_slot()
     order by position desc, seq desc limit 1) newest
 where at < pulse.now() - :keep_ms::bigint * interval '1 ms'
