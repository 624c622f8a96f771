-- Takes a schedule to change it. Callers: PgScheduleStore.change, delete, runNow.
-- Waits for a fire that has it.
-- Locks: its row. Index: schedule_pkey.
-- Zero rows: there is none.
select s.*, pulse.now() as now from pulse.schedule s where s.id = :id::uuid for update
