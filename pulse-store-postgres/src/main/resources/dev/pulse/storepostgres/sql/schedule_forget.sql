-- Forgets fires older than their retention, and unnamed schedules that ended as long ago. Caller: PgScheduleStore.forget.
-- For the leader of this term. A schedule that fires still keeps its youngest fires; a named one stays.
-- Locks: the rows deleted. Index: occurrence_age, schedule_list.
-- How many rows went.
with term as materialized (
    select from pulse.control where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now()
), old as materialized (
    select schedule, at from pulse.occurrence
     where fired_at < pulse.now() - :keep_ms::bigint * interval '1 ms' and exists (select from term) limit :limit
), fires as (
    delete from pulse.occurrence o using old where o.schedule = old.schedule and o.at = old.at returning 1
), ended as (
    delete from pulse.schedule s
     where s.id in (select id from pulse.schedule
                     where status = 'ended' and name is null
                       and updated_at < pulse.now() - :keep_ms::bigint * interval '1 ms'
                       and exists (select from term)
                     order by created_at limit :limit)
    returning 1
)
select (select count(*) from fires) + (select count(*) from ended) as n
