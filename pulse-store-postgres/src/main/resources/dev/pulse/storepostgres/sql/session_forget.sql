-- Forgets sessions that ended a day ago, at most 1000. Caller: PgServerStore.tidy, for the leader of this term.
-- Their names stand in the history.
-- Locks: the rows deleted. Index: session_pkey.
-- swept_at says that nothing is held any more.
delete from pulse.session
 where id in (select id from pulse.session where swept_at < pulse.now() - interval '1 day' limit 1000)
   and exists (select from pulse.control
                where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now())
