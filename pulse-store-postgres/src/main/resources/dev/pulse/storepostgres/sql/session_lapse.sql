-- Ends sessions whose lease lapsed, and takes up those that closed themselves. Caller: PgSessionStore.sweep. Upholds E5.
-- Only for the leader of this term (E16). The brake: when more than a fifth, and at least three, lapsed, one is ended.
-- Locks: session rows for update, the lapse judged again on the locked row. Index: none, the table is small.
-- Their turns are read by session_turns in the next statement, whose snapshot sees every claim that was granted before.
with census as materialized (
    select count(*) as alive,
           count(*) filter (where greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl <= pulse.now()) as lapsed
      from pulse.session s cross join pulse.control c
     where s.ended_at is null
), brake as materialized (
    select case when lapsed >= 3 and lapsed * 5 > alive then lapsed - 1 else 0 end as braked from census
), lapsed as materialized (
    select s.id
      from pulse.session s cross join pulse.control c
     where s.ended_at is null
       and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl <= pulse.now()
       and c.leader = :server::uuid and c.leader_term = :term::bigint and c.leader_until > pulse.now()
     order by s.heartbeat_at, s.id
     limit (select case when braked > 0 then 1 else :limit::int end from brake)
       for update of s
), closed as materialized (
    select s.id
      from pulse.session s cross join pulse.control c
     where s.ended_at is not null and s.swept_at is null
       and c.leader = :server::uuid and c.leader_term = :term::bigint and c.leader_until > pulse.now()
     order by s.id
     limit :limit
       for update of s
), swept as (
    update pulse.session s
       set ended_at = coalesce(s.ended_at, pulse.now()), swept_at = pulse.now()
      from (select id, true as lapsed from lapsed union all select id, false from closed) p
     where s.id = p.id
    returning s.id, p.lapsed
)
select s.id, coalesce(s.lapsed, false) as lapsed, b.braked from brake b left join swept s on true
