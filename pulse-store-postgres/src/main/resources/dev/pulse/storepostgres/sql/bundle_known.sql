-- The content hashes of bundle ids that are taken. Caller: PgBundleStore.insert.
-- Upholds P6 for bundles: same id and same content is the same bundle, other content a conflict.
-- Locks: none. Index: bundle_pkey.
-- An id that is left out is free.
select id, content_hash from pulse.bundle where id = any(:ids::uuid[])
