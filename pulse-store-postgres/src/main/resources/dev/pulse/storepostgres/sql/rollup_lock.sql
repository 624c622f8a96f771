-- Lets one server fold at a time, and keeps deletes away meanwhile. Caller: PgHistoryStore.fold, for the leader of this term.
-- Locks: the rollup's row. Index: none.
-- Zero rows: this server does not lead any more.
-- A statement of its own, so that the fold's snapshot is younger than the lock.
select tx_until from pulse.rollup_state
 where exists (select from pulse.control
                where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now())
   for update
