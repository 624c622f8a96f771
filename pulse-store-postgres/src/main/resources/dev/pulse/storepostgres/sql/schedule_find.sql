-- A schedule by its id or its name. Callers: PgScheduleStore.find, named, create.
-- Exactly one of the two is given.
-- Locks: none. Index: schedule_pkey, schedule_name_key.
-- Zero rows: there is none.
select * from pulse.schedule where id = :id::uuid
 union all
select * from pulse.schedule where name = :name::text
