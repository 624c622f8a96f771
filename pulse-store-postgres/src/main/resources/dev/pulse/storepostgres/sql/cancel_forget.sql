-- Forgets requests that came while their attempt was ending. Caller: PgServerStore.tidy, for the leader of this term.
-- Such a request names a token that no turn carries any more.
-- Locks: the rows deleted. Index: turn_key.
-- An hour of grace, because the request may belong to a long run.
delete from pulse.cancel_request c
 where c.at < pulse.now() - interval '1 hour'
   and not exists (select from pulse.turn t where t.lane = c.lane and t.seq = c.seq and t.token = c.token)
   and exists (select from pulse.control
                where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now())
