-- Where the jobs of a bundle are. Caller: PgBundleStore.queues, for callers who are narrowed to some queues.
-- Written once, with the bundle.
-- Locks: none. Index: bundle_pkey.
-- Zero rows: there is no such bundle, or it is of a version that did not tell.
select queues from pulse.bundle where id = :id::uuid and queues is not null
