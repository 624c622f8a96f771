-- Removes jobs that have outlived their retention beside the days. Caller: PgHistoryStore.prune, holding facts and rollup.
-- Judged again with a snapshot younger than the locks: a requeue that came first keeps its job.
-- Locks: the facts (held), every row of the jobs, the counts. Index: the keys of all tables.
-- What they counted as, they count no more; history that no fold has counted yet goes by itself.
with gone as materialized (
    select s.id, s.type, s.status
      from unnest(:ids::uuid[]) as o(id)
     cross join lateral (select id, type, status, finished_at from pulse.job_state where id = o.id limit 1) s
     where s.finished_at <= pulse.now() - case s.status when 'completed' then :completed_ms::bigint
                                                        when 'canceled' then :canceled_ms::bigint
                                                        when 'dead_lettered' then :dead_ms::bigint end * interval '1 ms'
), facts as (
    delete from pulse.job_other o using gone g where o.id = g.id
    returning o.id
), undead as (
    delete from pulse.dead d using gone g where d.job_id = g.id
), history as (
    delete from pulse.attempt_other a using gone g where a.job_id = g.id
    returning g.type, a.ended_as, a.tx
), history_in_day as (
    delete from pulse.attempt a using gone g where a.job_id = g.id
    returning g.type, a.ended_as, a.tx
), uncounted as (
    insert into pulse.job_count (day, type, status, n)
    select -1, type, status, sum(n)
      from (select type, status, -1 as n from gone
             union all
            select type, ended_as, 1 from (select * from history union all select * from history_in_day) h
             where tx >= (select tx_until from pulse.rollup_state)) c
     where status in ('completed', 'canceled')
     group by 2, 3 having sum(n) <> 0 order by 2, 3
        on conflict (day, type, status) do update set n = job_count.n + excluded.n
)
select count(*) as removed from facts
