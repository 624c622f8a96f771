-- Forgets what was counted for a max_running that is taken away. Caller: PgSwitchStore.limit.
-- Lanes may stand under two limits: whatever still counts them is seeded anew by the next claim.
-- Locks: rows of the lanes, other switches. Index: limited_pkey, switch_pkey.
-- Switches are locked in the order of their key.
with gone as (
    delete from pulse.limited l using pulse.lane n
     where n.number = l.lane and case :kind::text when 'queue' then n.queue else n.type end = :name::text
), other as materialized (
    select kind, name from pulse.switch
     where seeded and (kind, name) <> (:kind::text, :name::text) order by kind, name for update
)
update pulse.switch s set seeded = false from other o where s.kind = o.kind and s.name = o.name
