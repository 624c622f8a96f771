-- Grants ready jobs: turn running, attempt + 1, session and fresh token. Caller: PgJobStore.claim. Upholds I2, I4, I7.
-- One index-ordered scan per lane from its start, merged best priority first, then oldest; each row addressed by its ctid.
-- Locks: sessions for key share (a sweep waits, a heartbeat does not), turns for update skip locked. Index: turn_key.
-- The k-th job goes to the k-th live slot, by place in an array (a join would compare each with each); facts by fenced probes.
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
), candidate as materialized (
    select d.lane, d.priority, t.seq
      from unnest(:lanes::int[], :priorities::int[], :seqs::bigint[]) as d(lane, priority, seq)
     cross join lateral (select seq from pulse.turn
                          where lane = d.lane and seq >= d.seq and status = 'pending'
                          order by seq limit :limit) t
     order by d.priority desc, t.seq
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
