-- Registers lanes. Caller: LaneRegistry, on a connection of its own, committed before the first job of the lane.
-- Zero rows for a lane that another replica registered meanwhile: the caller reads again.
-- Locks: new rows, in key order. Index: lane_queue_type_priority_suspect_key.
-- A type has at most 1000 priorities: the caller checks before.
insert into pulse.lane (queue, type, priority, suspect)
select o.queue, o.type, o.priority, o.suspect
  from unnest(:queues::text[], :types::text[], :priorities::int[], :suspects::boolean[]) as o(queue, type, priority, suspect)
 order by 1, 2, 3, 4
    on conflict do nothing
