-- How large the tables are and how much of them is dead, days summed up. Caller: PgVitalsStore.read.
-- Row counts are what PostgreSQL's statistics say.
-- Locks: each table for access share, for a moment. Index: none, these are the catalogs.
-- One row a table.
select coalesce(p.relname, c.relname)::text as name, sum(pg_total_relation_size(c.oid))::bigint as bytes,
       coalesce(sum(s.n_live_tup), 0)::bigint as live, coalesce(sum(s.n_dead_tup), 0)::bigint as dead
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class p on p.oid = i.inhparent
  left join pg_stat_all_tables s on s.relid = c.oid
 where n.nspname = :schema and c.relkind = 'r'
 group by 1
