-- The replicas seen in the last quarter of a minute, with the leader. Caller: PgServerStore.servers.
-- Locks: none.
-- Index: none, the table is small.
-- A leader whose time ran out is none.
select s.id, s.name, s.version, s.started_at, s.last_seen,
       coalesce(c.leader = s.id and c.leader_until > pulse.now(), false) as leader
  from pulse.server s cross join pulse.control c
 where s.last_seen > pulse.now() - interval '15 seconds'
 order by s.started_at, s.id
