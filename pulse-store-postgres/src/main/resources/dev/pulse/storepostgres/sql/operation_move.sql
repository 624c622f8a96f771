-- Moves an operation on, in the transaction of its chunk. Caller: PgBulkStore.step.
-- The chunk's counts are added and its place is kept: a repeat finds the place moved.
-- Locks: the operation (held). Index: operation_pkey.
-- pause_ms: until the next chunk, for one with a rate.
update pulse.operation
   set place = :place, matched = :matched, changed = :changed, skipped = :skipped::json, state = :state,
       next_at = pulse.now() + :pause_ms * interval '1 ms',
       finished_at = case when :state <> 'running' then pulse.now() end
 where id = :id::uuid
returning id, action, filter, rate, actor, address, state, place, bound, matched, changed, skipped, started_at, finished_at
