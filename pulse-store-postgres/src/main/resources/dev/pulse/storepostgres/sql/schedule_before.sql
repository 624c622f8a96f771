-- Whether the last jobs of schedules may still run. Caller: PgScheduleStore.fire, for those whose rule needs to know.
-- A job in the hands of a worker counts while its lease holds: a dead worker blocks nothing for longer than that.
-- Locks: none. Index: as job_state, per id.
-- A job that is deleted is left out.
select j.id, j.finished_at,
       j.finished_at is null
       and (j.status <> 'running'
            or exists (select from pulse.session s cross join pulse.control c
                        where s.id = j.session and s.ended_at is null
                          and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl > pulse.now())) as live
  from unnest(:ids::uuid[]) as o(id)
 cross join lateral (select * from pulse.job_state where id = o.id limit 1) j
