-- Which of these bundles are finished or gone. Caller: PgBundleStore.finished, for everyone who waits at once.
-- Not finished means: the view says open.
-- Locks: none. Index: bundle_pkey, bundle_delta_bundle.
-- At most 1000 ids.
select o.id
  from unnest(:ids::uuid[]) as o(id)
 where not exists (select from pulse.bundle_state s where s.id = o.id and s.status = 'open')
