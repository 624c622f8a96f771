-- Marks the schedules of an application that its code does not declare any more, and unmarks those that it does.
-- Caller: PgScheduleStore.declared. Nothing is deleted or stopped: that is for people.
-- Locks: rows whose mark changes. Index: schedule_declared.
-- The rows that are marked after it. within: patterns of LIKE; what goes to other queues is left alone.
with marked as (
    update pulse.schedule
       set missing_since = case when name = any(:names::text[]) then null else pulse.now() end, updated_at = pulse.now()
     where declared_by = :by and (missing_since is null) is distinct from (name = any(:names::text[]))
       and (:within::text[] is null or queue like any(:within::text[]))
    returning *
)
select * from marked where missing_since is not null
 union all
select s.* from pulse.schedule s
 where s.declared_by = :by and s.missing_since is not null and not s.name = any(:names::text[])
   and (:within::text[] is null or s.queue like any(:within::text[]))
   and not exists (select from marked m where m.id = s.id)
 order by name
 limit 1000
