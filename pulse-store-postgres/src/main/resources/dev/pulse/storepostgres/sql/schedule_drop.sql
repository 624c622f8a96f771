-- Removes a schedule and what it fired; its jobs stay. Caller: PgScheduleStore.delete, with the row held.
-- A fire that waits for the row finds it gone.
-- Locks: its rows. Index: schedule_pkey, occurrence_pkey.
-- One row.
with gone as (
    delete from pulse.occurrence where schedule = :id::uuid
)
delete from pulse.schedule where id = :id::uuid
