-- Takes in an act on many jobs, unless too many wait already. Caller: PgBulkStore.start.
-- bound: the last place that exists now in the table that drives the operation; what comes later lies behind it.
-- Locks: a new row. Index: operation_next, job_pkey, job_other_list, due_pkey, dead_pkey.
-- Zero rows: too many.
insert into pulse.operation (id, action, filter, rate, actor, address, bound, started_at, next_at)
select :id::uuid, :action, :filter::json, :rate::int, :actor, :address,
       coalesce(case :driver
         when 'turn' then (select nextval('pulse.turn_seq')::text)
         when 'due' then (select job_id::text from pulse.due order by job_id desc limit 1)
         when 'dead' then (select job_id::text from pulse.dead order by job_id desc limit 1)
         else (select list_id::text from pulse.job_fact order by list_id desc limit 1)
       end, '00000000-0000-0000-0000-000000000000'), pulse.now(), pulse.now()
 where (select count(*) from (select from pulse.operation where state = 'running' limit :most) o) < :most
returning id
