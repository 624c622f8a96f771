-- Removes bundles whose members are gone. Caller: PgBundleStore.delete, after bundle_lock and job_delete. Upholds I10.
-- The bundle that the outermost one was a member of loses one: a delta, as for a job.
-- Locks: the bundles (held), their callbacks and deltas. Index: bundle_pkey, bundle_callback_pkey, bundle_delta_bundle.
-- A delta that comes later finds no bundle, and is forgotten when it is folded.
with uncalled as (
    delete from pulse.bundle_callback where bundle = any(:bundles::uuid[])
), unnoted as (
    delete from pulse.bundle_delta where bundle = any(:bundles::uuid[])
), unbundled as (
    delete from pulse.bundle b where b.id = any(:bundles::uuid[]) returning b.id, b.parent, b.status
), counted as (
    insert into pulse.bundle_delta (bundle, total, completed, dead_lettered, canceled)
    select parent, -1, -(status = 'completed')::int, -(status = 'failed')::int, -(status = 'canceled')::int
      from unbundled where id = :root::uuid and parent is not null
)
select parent from unbundled where id = :root::uuid
