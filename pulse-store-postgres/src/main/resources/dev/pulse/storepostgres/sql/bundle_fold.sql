-- Adds what was noted to the counts of bundles. Caller: PgBundleStore.fold, after bundle_lock. Upholds I10.
-- reopened: a member left its final status and stayed a member; buried: one was dead-lettered, be it requeued since.
-- Locks: bundle rows (held), deltas. Index: bundle_pkey, bundle_delta_bundle.
-- No indexed column changes: a HOT update. Deltas of a bundle that is gone are forgotten.
with gone as materialized (
    delete from pulse.bundle_delta where bundle = any(:ids::uuid[])
    returning bundle, total, completed, dead_lettered, canceled
), noted as materialized (
    select bundle, sum(total)::int as total, sum(completed)::int as completed, sum(dead_lettered)::int as dead_lettered,
           sum(canceled)::int as canceled,
           bool_or(total = 0 and least(completed, dead_lettered, canceled) < 0) as reopened,
           bool_or(dead_lettered > 0) as buried
      from gone group by bundle
)
update pulse.bundle b
   set total = b.total + n.total, completed = b.completed + n.completed,
       dead_lettered = b.dead_lettered + n.dead_lettered, canceled = b.canceled + n.canceled
  from noted n
 where b.id = n.bundle
returning b.id, b.parent, b.status::text as status, b.total, b.completed, b.dead_lettered, b.canceled, n.reopened, n.buried
