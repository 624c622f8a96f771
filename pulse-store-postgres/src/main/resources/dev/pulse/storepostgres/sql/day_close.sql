-- Sends what is still written about a day to the tables beside the days, before it is dropped. Caller: DayDrop.
-- Upholds P2: what comes late is never written to a table that is about to go.
-- Locks: the control row, for a moment. Index: none.
-- Zero rows: closed already, or this server does not lead any more.
update pulse.control set day_from = :until::uuid
 where history_from = :from::uuid and day_from < :until::uuid
   and leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now()
