-- How a waiting job stands, and how many ready ones of its lane go before it. Caller: PgJobStore.standing.
-- Zero rows: there is no such job, or it waits for nothing.
-- Locks: none. Index: job_pkey, turn_key, turn_reseated, due_pkey.
-- Counted backwards from its own place and no further than the bound: what is before it lies close to it.
select coalesce(t.status, d.status)::text as status, coalesce(t.attempt, d.attempt) as attempt, d.run_at,
       pulse.now() as now, f.queue, f.type, f.priority, coalesce(n.suspect, false) as suspect,
       (select count(*) from (select from pulse.turn b
                               where b.lane = t.lane and b.seq < t.seq and b.status = 'pending'
                               order by b.seq desc limit :bound::bigint) x) as before
  from pulse.job_fact f
  left join lateral (
        select lane, seq, status, attempt from pulse.turn where lane = f.lane and seq = f.seq and job_id = f.id
         union all
        select lane, seq, status, attempt from pulse.turn where reseated and job_id = f.id
         limit 1) t on true
  left join lateral (select lane, status, attempt, run_at from pulse.due where job_id = f.id limit 1) d on true
  left join pulse.lane n on n.number = coalesce(t.lane, d.lane)
 where f.id = :id::uuid and (t.status = 'pending' or d.status is not null)
