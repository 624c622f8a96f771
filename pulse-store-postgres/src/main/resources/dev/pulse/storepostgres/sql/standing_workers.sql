-- Who could run a job: living sessions of its type, those of its queue too, their slots and how many are taken.
-- Caller: PgJobStore.standing. What a session holds stands at the beginning of the lanes that it serves: so far is looked.
-- Locks: none. Index: turn_key: at most :bound turns a lane, of at most 100 lanes.
-- One row always.
with living as materialized (
    select s.id, s.slots, s.types, s.queues
      from pulse.session s cross join pulse.control c
     where s.ended_at is null and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl > pulse.now()
       and s.types @> array[:type::text]
     limit 1000
), serving as materialized (
    select id, slots, types from living where queues = '{}' or queues @> array[:queue::text]
), looked as materialized (
    select n.number from pulse.lane n
     where n.type in (select unnest(types) from serving) order by n.number limit 100
), held as (
    select t.session, count(*) as n
      from looked l
     cross join lateral (select session from pulse.turn where lane = l.number order by seq limit :bound::bigint) t
     where t.session is not null
     group by t.session
)
select (select count(*) from living) as of_type, count(*) as sessions, coalesce(sum(s.slots), 0)::bigint as slots,
       coalesce(sum(least(s.slots, coalesce(h.n, 0))), 0)::bigint as busy
  from serving s left join held h on h.session = s.id
