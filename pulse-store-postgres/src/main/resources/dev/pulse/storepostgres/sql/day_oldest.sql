-- The days that there are, and the database clock. Caller: PgHistoryStore.prune, to see whether the oldest is due.
-- Locks: none.
-- Index: none.
-- day_from runs ahead of history_from while the oldest day is being dropped.
select history_from, day_from, day_until, pulse.now() as now from pulse.control
