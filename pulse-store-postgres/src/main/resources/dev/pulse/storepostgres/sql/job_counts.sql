-- Counts the jobs stored now by type and status. Caller: PgJobStore.counts.
-- What lives is counted where it stands. Completed and canceled: what has been folded, what operators changed since, and
-- the history rows that no fold has seen yet; one snapshot, so that a fold under way is seen before or after, never half.
-- Locks: none. Index: attempt_tx, attempt_other_tx; one pass over turns, due, dead and the folded counts.
with standing as (
    select lane, status, count(*) as n from pulse.turn group by 1, 2
     union all
    select lane, status, count(*) from pulse.due group by 1, 2
     union all
    select lane, 'dead_lettered', count(*) from pulse.dead group by 1
     union all
    select coalesce(a.lane, (select f.lane from pulse.job_fact f where f.id = a.job_id limit 1)), a.ended_as, count(*)
      from pulse.attempt_all a
     where a.tx >= (select tx_until from pulse.rollup_state) and a.tx < (select 9223372036854775807)
       and a.ended_as in ('completed', 'canceled')
     group by 1, 2
)
select type, status::text as status, sum(n)::bigint as n
  from (select l.type, s.status, s.n from standing s join pulse.lane l on l.number = s.lane
         union all
        select type, status, n from pulse.job_count
         union all
        select type, status, n from pulse.count_delta) c
 group by 1, 2 having sum(n) <> 0
