-- The callbacks of these bundles and events that were not submitted yet. Caller: PgBundleStore.fold, with the bundles locked.
-- A lane for each was registered when the bundle was submitted.
-- Locks: none (the bundle is held). Index: bundle_callback_pkey.
-- Marked by bundle_called in the same transaction that submits them.
select c.bundle, c.event, c.job_id as id, c.type, c.queue, c.priority, c.payload, c.content_type, c.headers, c.tags, c.origin,
       c.max_attempts, c.backoff, c.timeout_ms, c.run_at, c.delay_ms
  from unnest(:bundles::uuid[], :events::text[]) as o(bundle, event)
  join pulse.bundle_callback c on c.bundle = o.bundle and c.event = o.event
 where c.submitted_at is null
 order by c.bundle, c.event
