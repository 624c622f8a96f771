-- Forgets operations that ended 30 days ago, a hundred at most. Caller: PgBulkStore.start.
-- What they did stands in the audit log.
-- Locks: rows that nobody works on. Index: operation_pkey.
-- Few rows: operations are rare.
delete from pulse.operation
 where id in (select id from pulse.operation where finished_at < pulse.now() - interval '30 days' limit 100)
