-- One operation, or the latest. Callers: PgBulkStore.find, list.
-- Ids carry their time, so that the newest come first.
-- Locks: none. Index: operation_pkey.
-- Zero rows: there is none.
select id, action, filter, rate, actor, address, state, place, bound, matched, changed, skipped, started_at, finished_at
  from pulse.operation
 where :id::uuid is null or id = :id::uuid
 order by started_at desc, id desc
 limit :limit
