-- Counts the history that has settled since the last fold. Caller: PgHistoryStore.fold, after rollup_lock.
-- Settled: written by transactions below the oldest that still runs; none of these can commit a row later on.
-- Locks: the rollup's row (held), the counts that change. Index: attempt_tx, attempt_other_tx, job_count_pkey.
-- Bounded by a number of transactions; answers the rows folded and how many settled transactions are left.
with span as materialized (
    select s.tx_until as since,
           least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint + c.feed_shift, s.tx_until + :transactions::bigint) as upto,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint + c.feed_shift as settled,
           c.history_from, c.day_until
      from pulse.rollup_state s cross join pulse.control c
), fresh as materialized (
    select a.job_id, a.ended_as, a.ended_at,
           coalesce(a.lane, (select f.lane from pulse.job_fact f where f.id = a.job_id limit 1)) as lane
      from pulse.attempt_all a
     where a.tx >= (select since from span) and a.tx < (select upto from span)
       and a.ended_as in ('completed', 'canceled', 'dead_lettered', 'retrying')
), used as (
    delete from pulse.count_delta
     where ctid = any(array(select ctid from pulse.count_delta limit 100000))
    returning day, type, status, n
), change as (
    -- The day is where the facts lie: what is beside the days is beside them here, too.
    select case when o.id is null and f.job_id >= s.history_from and f.job_id < s.day_until
                then pulse.day_of(f.job_id) else -1 end as day,
           l.type, f.ended_as as status, count(*) as n
      from fresh f join pulse.lane l on l.number = f.lane cross join span s left join pulse.job_other o on o.id = f.job_id
     where f.ended_as in ('completed', 'canceled')
     group by 1, 2, 3
     union all
    select day, type, status, n from used
), counted as (
    insert into pulse.job_count (day, type, status, n)
    select day, type, status, sum(n) from change group by 1, 2, 3 order by 1, 2, 3
        on conflict (day, type, status) do update set n = job_count.n + excluded.n
), minutes as (
    insert into pulse.rollup_minute (minute, completed, dead_lettered, retried, canceled)
    select date_trunc('minute', ended_at), count(*) filter (where ended_as = 'completed'),
           count(*) filter (where ended_as = 'dead_lettered'), count(*) filter (where ended_as = 'retrying'),
           count(*) filter (where ended_as = 'canceled')
      from fresh group by 1 order by 1
        on conflict (minute) do update
       set completed = rollup_minute.completed + excluded.completed,
           dead_lettered = rollup_minute.dead_lettered + excluded.dead_lettered,
           retried = rollup_minute.retried + excluded.retried,
           canceled = rollup_minute.canceled + excluded.canceled
), moved as (
    update pulse.rollup_state set tx_until = greatest(tx_until, (select upto from span))
)
select (select count(*) from fresh) as folded, greatest(0, settled - upto) as remaining from span
