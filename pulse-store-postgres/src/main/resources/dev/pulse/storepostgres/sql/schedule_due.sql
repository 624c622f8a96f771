-- Takes schedules that want a look, the longest waiting first. Caller: PgScheduleStore.fire. Upholds I6 with occurrence_add.
-- Any replica may: what another one holds is left to it.
-- Locks: schedule rows, skip locked. Index: schedule_look.
-- Cost: the due ones; those that sleep are not touched.
select s.*, pulse.now() as now
  from pulse.schedule s
 where s.look_at <= pulse.now()
 order by s.look_at, s.id
 limit :limit
   for update skip locked
