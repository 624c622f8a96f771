-- How the database is: its clock, its durability, its age in transactions, and what holds vacuum back the most.
-- Caller: PgVitalsStore.read. Of sessions that belong to others PostgreSQL tells only a member of pg_read_all_stats.
-- Locks: none. Index: none, these are the server's own lists.
-- One row always; without a holder nothing is held back.
with holder as (
    select 'transaction' as kind, a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type) as name,
           a.state, a.xact_start as since, greatest(age(a.backend_xmin), age(a.backend_xid)) as xids
      from pg_stat_activity a
     where (a.backend_xmin is not null or a.backend_xid is not null) and a.pid <> pg_backend_pid()
       and (a.datname = current_database() or a.datname is null)
     union all
    select 'replication slot', s.active_pid, s.slot_name::text, case when s.active then 'active' else 'inactive' end, null,
           age(s.xmin)
      from pg_replication_slots s where s.xmin is not null
     union all
    select 'prepared transaction', null, p.gid, 'prepared', p.prepared, age(p.transaction)
      from pg_prepared_xacts p where p.database = current_database()
), longest as (
    select h.kind, h.pid, h.name, h.state, h.xids,
           (extract(epoch from greatest(pulse.now() - h.since, interval '0')) * 1000)::bigint as held_ms
      from holder h order by h.since nulls first, h.xids desc limit 1
)
select pulse.now() as now, current_setting('fsync') as fsync,
       current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_commit') as synchronous_commit,
       (select max(age(d.datfrozenxid))::bigint from pg_database d where d.datname = current_database()) as xid_age,
       (select count(*) from pg_replication_slots r where not r.active and r.restart_lsn is not null) as slots_inactive,
       l.kind, l.pid, l.name, l.state, l.xids::bigint as xids, l.held_ms
  from (select 1) one left join longest l on true
