-- Forgets rollups older than their retention, at most 10000. Caller: PgHistoryStore.prune, for the leader of this term.
-- Locks: the rows deleted.
-- Index: rollup_minute_pkey.
-- They are small: the only history that is deleted row by row.
delete from pulse.rollup_minute
 where minute in (select minute from pulse.rollup_minute
                   where minute < pulse.now() - :keep_ms::bigint * interval '1 ms' order by minute limit 10000)
   and exists (select from pulse.control
                where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now())
