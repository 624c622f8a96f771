-- Counts what waits, runs or is dead by queue or type. Caller: PgSwitchStore.lines.
-- Every lane that was ever seen, with or without jobs.
-- Locks: none. Index: none: one pass over turns, due and dead.
-- Finished jobs are not counted here.
select case :kind::text when 'queue' then l.queue else l.type end as name, h.status, coalesce(sum(h.n), 0)::bigint as n
  from pulse.lane l
  left join (
        select lane, status, count(*) as n from pulse.turn group by 1, 2
         union all
        select lane, status, count(*) from pulse.due group by 1, 2
         union all
        select lane, 'dead_lettered', count(*) from pulse.dead group by 1) h on h.lane = l.number
 group by 1, 2
