-- Counts the jobs stored now by type and status. Caller: PgJobStore.counts.
-- Completed is what is left when everything that another table holds is taken away.
-- Locks: none. Index: attempt_canceled; one pass over facts, turns, due and dead.
-- Canceled: the last history row says so and nothing waits or runs.
with stored as (
    select type, count(*) as n from pulse.job_fact group by type
), held as (
    select l.type, t.status, count(*) as n from pulse.turn t join pulse.lane l on l.number = t.lane group by 1, 2
     union all
    select l.type, d.status, count(*) from pulse.due d join pulse.lane l on l.number = d.lane group by 1, 2
     union all
    select l.type, 'dead_lettered'::pulse.job_status, count(*) from pulse.dead d join pulse.lane l on l.number = d.lane group by 1, 2
     union all
    select f.type, 'canceled'::pulse.job_status, count(*)
      from (select distinct job_id from pulse.attempt_all where ended_as = 'canceled') c
     cross join lateral (select type, status from pulse.job_state where id = c.job_id limit 1) f
     where f.status = 'canceled' group by 1, 2
)
select type, status::text as status, n from held
 union all
select s.type, 'completed', s.n - coalesce((select sum(h.n) from held h where h.type = s.type), 0) from stored s
