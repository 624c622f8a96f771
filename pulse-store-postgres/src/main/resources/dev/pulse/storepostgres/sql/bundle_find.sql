-- One bundle as it stands. Caller: PgBundleStore.find. Upholds I10: folded counts and those not folded yet, in one snapshot.
-- Zero rows: there is no such bundle.
-- Locks: none. Index: bundle_pkey, bundle_delta_bundle.
-- Its callbacks are read by bundle_callback_list.
select id, type, origin, parent, status::text as status, total, completed, dead_lettered, canceled, created_at, finished_at
  from pulse.bundle_state where id = :id::uuid
