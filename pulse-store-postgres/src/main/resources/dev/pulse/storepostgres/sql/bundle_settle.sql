-- Writes down what folding decided, and notes it for the bundles that these are members of. Caller: PgBundleStore.fold.
-- settled_at is set once: the one completion of a bundle's life, told in this very statement.
-- Locks: bundle rows (held), new rows. Index: bundle_pkey. Only bundles whose status changes: two writes to the row of a
-- bundle that completes, one fold and this.
with decided as materialized (
    select id, was::pulse.bundle_status as was, becomes::pulse.bundle_status as becomes
      from unnest(:ids::uuid[], :was::text[], :becomes::text[]) as d(id, was, becomes)
), settled as (
    update pulse.bundle b
       set status = d.becomes,
           finished_at = case when d.becomes <> 'open' then pulse.now() end,
           settled_at = coalesce(b.settled_at, case when d.becomes <> 'open' then pulse.now() end),
           settled_as = coalesce(b.settled_as, nullif(d.becomes, 'open'))
      from decided d
      join pulse.bundle old on old.id = d.id
     where b.id = d.id
    returning b.id, b.type, b.parent, d.was, d.becomes, old.settled_at is null and b.settled_at is not null as first
), told as (
    insert into pulse.event (n, kinds, subjects, lanes, attempts, bundle_type)
    select 1, array['bundle_completed'::pulse.event_kind], array[id], array[0], array[0], type from settled where first order by id
)
insert into pulse.bundle_delta (bundle, completed, dead_lettered, canceled)
select parent, (becomes = 'completed')::int - (was = 'completed')::int, (becomes = 'failed')::int - (was = 'failed')::int,
       (becomes = 'canceled')::int - (was = 'canceled')::int
  from settled where parent is not null order by parent
returning bundle
