-- One page of schedules, newest first. Caller: PgScheduleStore.list.
-- The cursor is the last row's moment and id: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: schedule_list backwards.
-- Few rows: schedules are written by people. within: patterns of LIKE that cover its queue.
select * from pulse.schedule
 where (created_at, id) < (:before_at::timestamptz, :before::uuid)
   and (:status::text is null or status::text = :status)
   and (:type::text is null or type = :type)
   and (:queue::text is null or queue = :queue)
   and (:within::text[] is null or queue like any(:within::text[]))
   and (:name::text is null or name = :name)
 order by created_at desc, id desc
 limit :limit
