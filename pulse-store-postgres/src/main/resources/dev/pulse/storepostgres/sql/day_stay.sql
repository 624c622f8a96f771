-- The jobs of a day that must outlive it: unfinished, dead letters, finished too recently, holders of a living key, members
-- of an open bundle. Caller: DayDrop, until there are none. Without such jobs it costs one pass over the day's history.
-- Locks: none. Index: due_pkey, dead_pkey, job_key_expires, bundle_open, job_bundle, job_pkey; one pass over turns and attempts.
-- Too many rather than too few: any attempt that completed recently keeps its job.
with stay as (
    select job_id from pulse.turn where job_id >= :from::uuid and job_id < :until::uuid
     union
    select job_id from pulse.due where job_id >= :from::uuid and job_id < :until::uuid
     union
    select job_id from pulse.dead
     where job_id >= :from::uuid and job_id < :until::uuid
       and (:dead_ms::bigint is null or died_at > pulse.now() - :dead_ms::bigint * interval '1 ms')
     union
    select job_id from pulse.attempt_all
     where job_id >= :from::uuid and job_id < :until::uuid
       and (ended_as = 'completed' and ended_at > pulse.now() - :completed_ms::bigint * interval '1 ms'
            or ended_as = 'canceled' and ended_at > pulse.now() - :canceled_ms::bigint * interval '1 ms')
     union
    select job_id from pulse.job_key
     where job_id >= :from::uuid and job_id < :until::uuid and expires_at > pulse.now()
     union
    select m.id from pulse.bundle b
     cross join lateral (select id from pulse.job
                          where bundle_id = b.id and id >= :from::uuid and id < :until::uuid) m
     where b.status = 'open'
)
select s.job_id
  from stay s
 cross join lateral (select id from pulse.job where id = s.job_id limit 1) j
 order by s.job_id
 limit :limit
