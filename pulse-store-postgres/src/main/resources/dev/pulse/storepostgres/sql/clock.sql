-- The database clock. Caller: PgServerStore.now.
-- Locks: none.
-- Index: none.
-- Also says whether the connection lives.
select pulse.now() as now
