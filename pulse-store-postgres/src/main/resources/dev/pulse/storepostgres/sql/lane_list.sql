-- All lanes. Caller: LaneRegistry.
-- A lane is never changed nor removed.
-- Locks: none. Index: none, the table is small (bounded by types times queues times priorities in use).
-- Read by every replica each second at most.
select number, queue, type, priority, suspect from pulse.lane order by number
