-- The ids that have a day of their own. Caller: Days.
-- Locks: the control row, so that two replicas do not make the same day.
-- Index: none.
-- Runs in the transaction that makes the days.
select day_from, day_until, pulse.now() as now from pulse.control for update
