-- Forgets a scope of which nothing is set any more. Caller: PgSwitchStore, after switch_find.
-- A row that is not there says the same as one that says nothing.
-- Locks: the row (held). Index: switch_pkey.
-- What is left of its limit in "limited" goes with limited_drop.
delete from pulse.switch where kind = :kind::text and name = :name::text
