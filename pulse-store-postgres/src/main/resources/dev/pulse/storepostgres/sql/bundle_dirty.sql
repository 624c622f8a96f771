-- Bundles about which something was noted, those that have waited longest first. Caller: PgBundleStore.fold.
-- Deltas of a bundle that is gone are among them: folding forgets them.
-- Locks: none. Index: bundle_delta_pkey.
-- A replica folds at once what it has changed itself; this finds what others left, and what operators did.
select distinct bundle from (select bundle from pulse.bundle_delta order by id limit :limit) d
