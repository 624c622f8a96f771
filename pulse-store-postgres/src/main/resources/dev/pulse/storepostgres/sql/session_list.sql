-- The living sessions with what they run, for operators. Caller: PgSessionStore.sessions.
-- Bounded by 1000 sessions.
-- Locks: none. Index: none: one pass over sessions and running turns.
-- running counts turns, which is what the lease holds.
select s.id, s.worker, s.types, s.queues, s.slots, (extract(epoch from s.lease_ttl) * 1000)::bigint as ttl_ms, s.owner,
       s.started_at, s.heartbeat_at, coalesce(r.n, 0) as running
  from pulse.session s
 cross join pulse.control c
  left join (select session, count(*) as n from pulse.turn where status = 'running' group by session) r on r.session = s.id
 where s.ended_at is null and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl > pulse.now()
 order by s.started_at, s.id
 limit 1000
