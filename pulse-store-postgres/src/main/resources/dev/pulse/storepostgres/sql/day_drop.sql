-- Says that a day is gone. Caller: DayDrop, in the transaction that drops its tables. Upholds E16.
-- Locks: the control row.
-- Index: none.
-- Zero rows: this server does not lead any more; nothing is dropped then.
update pulse.control set history_from = :until::uuid
 where history_from = :from::uuid and day_from >= :until::uuid
   and leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now()
