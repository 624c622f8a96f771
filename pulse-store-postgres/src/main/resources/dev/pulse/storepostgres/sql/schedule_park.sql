-- Parks a schedule whose row cannot be read. Caller: PgScheduleStore.fire, with the row held.
-- Touches nothing of what may be broken.
-- Locks: the row is held. Index: schedule_pkey.
-- One row. An edit, or a resume, tries again.
update pulse.schedule
   set status = 'parked', fault = :fault, next_at = null, look_at = null, waiting = false, paused_by = null, paused_at = null,
       updated_at = pulse.now()
 where id = :id::uuid
