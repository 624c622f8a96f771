-- Lets an operation whose chunk failed wait, so that it does not hold up the others. Caller: PgBulkStore.step.
-- It is tried again and again: whoever sees it can stop it.
-- Locks: the operation. Index: operation_pkey.
-- The failed chunk has been rolled back.
update pulse.operation set next_at = pulse.now() + interval '10 s' where id = :id::uuid and state = 'running'
