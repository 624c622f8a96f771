-- Counts a fire by hand. Caller: PgScheduleStore.runNow, with the row held.
-- The rule's own place is left alone.
-- Locks: the row is held. Index: schedule_pkey.
-- One row.
update pulse.schedule set fired = fired + 1 where id = :id::uuid
