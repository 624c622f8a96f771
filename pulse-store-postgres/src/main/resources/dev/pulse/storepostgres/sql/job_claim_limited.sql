-- job_claim where lanes stand under limits. Caller: LimitedClaims, which holds the limits. Upholds I2, I4, I7.
-- As job_claim, but that of each limited queue and type no more rows are chosen than its limit has room for.
-- Locks: sessions for key share (a sweep waits, a heartbeat does not), turns for update skip locked. Index: turn_key.
-- A row is numbered among those of its queue's limit and of its type's: what is beyond either waits for the next claim.
with live as materialized (
    select s.id
      from pulse.session s cross join pulse.control c
     where s.id = any(:sessions::uuid[]) and s.ended_at is null
       and :switches::bigint in (-1, c.switch_version)
       and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl > pulse.now()
       for key share of s
), slot as materialized (
    select o.session, row_number() over (order by o.place) as n
      from unnest(:slots::uuid[]) with ordinality as o(session, place)
      join live on live.id = o.session
), offered as materialized (
    select d.lane, d.priority, d.queue_limit, d.queue_room, d.type_limit, d.type_room, t.seq
      from unnest(:lanes::int[], :priorities::int[], :seqs::bigint[], :queue_limits::text[], :queue_rooms::int[],
                  :type_limits::text[], :type_rooms::int[])
           as d(lane, priority, seq, queue_limit, queue_room, type_limit, type_room)
     cross join lateral (select seq from pulse.turn
                          where lane = d.lane and seq >= d.seq and status = 'pending'
                          order by seq limit :limit) t
), numbered as (
    select o.lane, o.priority, o.seq, o.queue_room, o.type_room,
           row_number() over (partition by o.queue_limit order by o.priority desc, o.seq) as in_queue,
           row_number() over (partition by o.type_limit order by o.priority desc, o.seq) as in_type
      from offered o
), candidate as materialized (
    select lane, priority, seq
      from numbered
     where (queue_room is null or in_queue <= queue_room) and (type_room is null or in_type <= type_room)
     order by priority desc, seq
     limit (select count(*) from slot)
), held as materialized (
    select t.place, t.since, c.priority, c.seq
      from candidate c
     cross join lateral (select ctid as place, since from pulse.turn
                          where lane = c.lane and seq = c.seq and status = 'pending'
                            for update skip locked) t
), seated as materialized (
    select h.place, h.since, (array(select session from slot order by n))[h.n::int] as session
      from (select place, since, row_number() over (order by priority desc, seq) as n from held) h
), granted as (
    update pulse.turn t
       set status = 'running', session = s.session, token = gen_random_uuid(), attempt = t.attempt + 1,
           charged = t.charged + 1, since = pulse.now()
      from seated s
     where t.ctid = s.place
    returning t.lane, t.seq, t.job_id, t.session, t.token, t.attempt, t.crashes, t.since - s.since as waited
)
select g.lane, g.seq, g.session, g.token, g.attempt, g.crashes,
       (extract(epoch from g.waited) * 1000000)::bigint as waited_us, f.*
  from granted g
 cross join lateral (
        select id, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
               timeout_ms, created_at, bundle_id
          from pulse.job where id = g.job_id
         union all
        select id, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
               timeout_ms, created_at, bundle_id
          from pulse.job_other where id = g.job_id
         limit 1) f
 order by f.priority desc, g.seq
