-- Ends sessions whose lease lapsed, and takes up those that closed themselves. Caller: PgSessionStore.sweep. Upholds R-I16.
-- Only for the leader of this term (E16). The brake (E5): when more than a fifth, and at least three, lapsed, one is ended.
-- Locks: session rows for update, the lapse judged again on the locked row. Index: none, the table is small.
-- Their turns are read by session_turns in the next statement, whose snapshot sees every claim that was granted before.
with census as materialized (
    select count(*) as alive,
           count(*) filter (where s.ended_at is null
                              and greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl <= pulse.now()) as lapsed
      from pulse.session s cross join pulse.control c
     where s.swept_at is null
), allowed as materialized (
    select case when lapsed >= 3 and lapsed * 5 > alive then 1 else :limit::int end as n,
           case when lapsed >= 3 and lapsed * 5 > alive then lapsed - 1 else 0 end as braked
      from census
), picked as materialized (
    select s.id
      from pulse.session s cross join pulse.control c
     where s.swept_at is null
       and (s.ended_at is not null or greatest(s.heartbeat_at, c.lease_floor) + s.lease_ttl <= pulse.now())
       and c.leader = :server::uuid and c.leader_term = :term::bigint and c.leader_until > pulse.now()
     order by s.ended_at nulls last, s.heartbeat_at
     limit (select n from allowed)
       for update of s
), swept as (
    update pulse.session s
       set ended_at = coalesce(s.ended_at, pulse.now()), swept_at = pulse.now()
      from picked where s.id = picked.id
    returning s.id
)
select swept.id, allowed.braked from allowed left join swept on true
