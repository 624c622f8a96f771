-- Ends an operation before its time. Caller: PgBulkStore.stop.
-- A chunk under way is waited for: its work counts.
-- Locks: the operation. Index: operation_pkey.
-- Zero rows: it has ended already, or there is none.
update pulse.operation set state = 'stopped', finished_at = pulse.now() where id = :id::uuid and state = 'running'
returning id
