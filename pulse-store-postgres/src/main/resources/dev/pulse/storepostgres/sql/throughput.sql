-- What happened in each bucket of time: from the rollups, and from the history that they have not counted yet.
-- Caller: PgHistoryStore.throughput. Buckets without events are left out.
-- Locks: none. Index: rollup_minute_pkey, attempt_tx, attempt_other_tx.
-- One snapshot: what a fold counts leaves the second half as it enters the first.
select floor(extract(epoch from e.at) * 1000 / :bucket_ms::bigint)::bigint as bucket, sum(e.completed)::bigint as completed,
       sum(e.dead_lettered)::bigint as dead_lettered, sum(e.retried)::bigint as retried
  from (select minute as at, completed, dead_lettered, retried from pulse.rollup_minute
         where minute >= :from::timestamptz and minute < :until::timestamptz
         union all
        select a.ended_at, (a.ended_as = 'completed')::int, (a.ended_as = 'dead_lettered')::int, (a.ended_as = 'retrying')::int
          from pulse.attempt_all a
         where a.tx >= (select tx_until from pulse.rollup_state) and a.tx < (select 9223372036854775807)
           and a.ended_as in ('completed', 'dead_lettered', 'retrying')
           and a.ended_at >= :from::timestamptz and a.ended_at < :until::timestamptz) e
 group by 1 order by 1
