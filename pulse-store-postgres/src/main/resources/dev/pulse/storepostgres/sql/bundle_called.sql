-- Marks callbacks as submitted, with the job that each became. Caller: PgBundleStore.fold.
-- The condition is the second half of a paired assertion: the bundle's lock keeps everybody else away.
-- Locks: callback rows of bundles that are held. Index: bundle_callback_pkey.
-- As many rows as callbacks, or the transaction is taken back.
update pulse.bundle_callback c
   set submitted_at = pulse.now(), job_id = o.job_id
  from unnest(:bundles::uuid[], :events::text[], :job_ids::uuid[]) as o(bundle, event, job_id)
 where c.bundle = o.bundle and c.event = o.event and c.submitted_at is null
