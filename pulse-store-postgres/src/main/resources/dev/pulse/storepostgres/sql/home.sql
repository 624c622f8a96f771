-- Which store this is, and in which database. Caller: PgStores, once at start.
-- The identity is made with the schema; the database's name tells a copy of it apart.
-- Locks: none. Index: none, one row.
-- Never changes while the schema lives.
select identity, current_database()::text as database from pulse.control
