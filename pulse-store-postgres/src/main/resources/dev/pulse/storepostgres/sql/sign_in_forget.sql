-- Drops buckets whose last failure is long ago. Caller: PgSignInStore.forget, now and then when something fails.
-- What is dropped had been forgiven.
-- Locks: the rows. Index: sign_in_failure_age.
-- Keeps the table as small as what failed lately.
delete from pulse.sign_in_failure where at < pulse.now() - :age_ms::bigint * interval '1 millisecond'
