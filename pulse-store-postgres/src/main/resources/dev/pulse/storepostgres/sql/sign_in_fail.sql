-- Counts a failure in one bucket. Caller: PgSignInStore.fail, account before address in one transaction.
-- Time forgives one failure in each :forgiven_ms. Says whether this one is to be audited.
-- Locks: the row (held, or new). Index: sign_in_failure_pkey.
-- Only failures write.
insert into pulse.sign_in_failure as f (kind, bucket, failures, at, told_at)
select :kind::text, :bucket::int, 1, n.now, n.now from (select pulse.now() as now) n
    on conflict (kind, bucket) do update
   set failures = greatest(f.failures - floor(extract(epoch from excluded.at - f.at) * 1000 / :forgiven_ms::bigint)::bigint, 0) + 1,
       at = greatest(f.at, excluded.at),
       told_at = case when f.told_at <= excluded.at - :tell_ms::bigint * interval '1 millisecond'
                      then excluded.at else f.told_at end
returning failures, (extract(epoch from pulse.now() - at) * 1000)::bigint as ms, told_at >= at as tell
