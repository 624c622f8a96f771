-- Forgets replicas that were not seen for an hour. Caller: PgServerStore.tidy.
-- Only for lists: nothing stands on a row here.
-- Locks: the rows deleted. Index: none, the table is small.
-- A replica that comes back registers again.
delete from pulse.server where last_seen < pulse.now() - interval '1 hour'
