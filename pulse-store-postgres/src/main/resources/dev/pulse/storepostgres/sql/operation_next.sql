-- Takes the operation that has waited longest for its next chunk. Caller: PgBulkStore.step.
-- Held until the chunk has committed, so that no replica works on the same one; a crash gives it free.
-- Locks: one operation, skip locked. Index: operation_next.
-- Zero rows: none is ready.
select id, action, filter, rate, actor, address, state, place, bound, matched, changed, skipped, started_at, finished_at
  from pulse.operation
 where state = 'running' and next_at <= pulse.now()
 order by next_at, id
 limit 1
   for update skip locked
