-- Locks bundles, so that one at a time decides about each. Callers: PgBundleStore.fold, delete. Upholds I10.
-- The deltas are read in the next statement: its snapshot sees all that whoever held the lock before has folded.
-- Locks: bundle rows for update, in id order. Index: bundle_pkey. No end of a member waits for it: they append.
-- A bundle that is left out is gone.
select id from pulse.bundle where id = any(:ids::uuid[]) order by id for update
