-- How many of the newest dead letters died because no worker could read or handle them. Caller: PgVitalsStore.read.
-- Bounded: only the :bound dead letters of the newest jobs are looked at.
-- Locks: none. Index: dead_pkey backwards, attempt's primary key.
-- One row always.
select count(*) as looked, count(*) filter (where a.error_type = 'unreadable_payload') as unreadable,
       count(*) filter (where a.error_type = 'no_handler') as unhandled
  from (select job_id from pulse.dead order by job_id desc limit :bound::bigint) d
 cross join lateral (select h.error_type from pulse.attempt_all h
                      where h.job_id = d.job_id order by h.no desc limit 1) a
