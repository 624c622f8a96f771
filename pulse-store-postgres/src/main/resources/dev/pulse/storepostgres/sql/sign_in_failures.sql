-- What has failed in an address's and an account's bucket. Caller: PgSignInStore, before a secret is checked.
-- How long ago is for the database's clock to say: servers share it.
-- Locks: none. Index: sign_in_failure_pkey.
-- No row for a bucket without failures.
select kind, failures, (extract(epoch from pulse.now() - at) * 1000)::bigint as ms
  from pulse.sign_in_failure
 where (kind, bucket) in (('address', :address::int), ('account', :account::int))
