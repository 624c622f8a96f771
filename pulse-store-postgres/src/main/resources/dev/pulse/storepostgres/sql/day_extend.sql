-- Says that the days up to this id exist. Caller: Days, in the transaction that made them.
-- Locks: the control row (held).
-- Index: none.
-- From the commit on, inserts use the new days.
update pulse.control set day_until = :day_until::uuid
