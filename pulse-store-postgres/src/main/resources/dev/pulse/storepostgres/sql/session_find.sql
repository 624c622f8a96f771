-- One living session. Caller: PgSessionStore.find.
-- Living: not ended and not lapsed.
-- Locks: none. Index: session_pkey.
-- Zero rows: unknown, ended or lapsed.
select s.id, s.worker, s.types, s.queues, s.slots, (extract(epoch from s.lease_ttl) * 1000)::bigint as ttl_ms, s.owner
  from pulse.session s cross join pulse.control c
 where s.id = :id::uuid and s.ended_at is null
   and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl > pulse.now()
