-- A bundle and all bundles in it. Caller: PgBundleStore.tree, delete.
-- Bounded by the size of the bundle at its submission; a bundle never changes its parent.
-- Locks: none. Index: bundle_pkey, bundle_parent.
-- Zero rows: there is no such bundle.
with recursive tree as (
    select id from pulse.bundle where id = :id::uuid
     union all
    select b.id from tree t join pulse.bundle b on b.parent = t.id
)
select id from tree
