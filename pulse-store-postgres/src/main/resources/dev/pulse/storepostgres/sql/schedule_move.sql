-- Stores what was decided about schedules. Caller: PgScheduleStore.fire, with the rows held. Upholds I6 with occurrence_add.
-- In the transaction that stored the occurrences and their jobs.
-- Locks: the rows are held, so that their places stay. Index: schedule_pkey, a probe a row.
-- As many rows as schedules, or the transaction is taken back.
update pulse.schedule s
   set status = o.status::pulse.schedule_status, fault = o.fault, anchor = o.anchor, cursor_at = o.cursor_at, next_at = o.next_at,
       waiting = o.waiting,
       look_at = case when o.status = 'active'
                      then coalesce(pulse.now() + o.look_in_ms * interval '1 ms', o.next_at) end,
       last_job = coalesce(o.last_job, s.last_job), fired = s.fired + o.fired, coalesced = s.coalesced + o.coalesced,
       skipped = s.skipped + o.skipped, overlapped = s.overlapped + o.overlapped,
       updated_at = case when o.status = 'active' then s.updated_at else pulse.now() end
  from (select u.*, p.spot
          from unnest(:ids::uuid[], :statuses::text[], :faults::text[], :anchors::timestamptz[], :cursors::timestamptz[],
                      :nexts::timestamptz[], :waitings::boolean[], :looks::bigint[], :last_jobs::uuid[], :fired::bigint[],
                      :coalesced::bigint[], :skipped::bigint[], :overlapped::bigint[])
               as u(id, status, fault, anchor, cursor_at, next_at, waiting, look_in_ms, last_job, fired, coalesced, skipped,
                    overlapped)
         cross join lateral (select ctid as spot from pulse.schedule where id = u.id limit 1) p) o
 where s.ctid = o.spot
