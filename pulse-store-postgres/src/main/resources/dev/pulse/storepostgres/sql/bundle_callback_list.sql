-- The callbacks of some bundles. Callers: PgBundleStore.find, list.
-- Without their payloads: a list shows what they are, not what they carry.
-- Locks: none. Index: bundle_callback_pkey.
-- At most three a bundle.
select bundle, event, job_id, type, submitted_at from pulse.bundle_callback where bundle = any(:ids::uuid[])
