-- What the outcome policy has to know of locked attempts. Caller: PgJobStore.end, sweep, after turn_lock.
-- A statement of its own, so that a cancel that committed before the lock is seen (I9: no request is lost).
-- Locks: none (held). Index: turn_key, job_pkey, cancel_request_pkey.
-- Fenced by limit 1: index probes whatever the statistics say.
select d.place, t.charged, t.crashes, f.max_attempts, f.backoff, f.timeout_ms,
       exists (select from pulse.cancel_request c where c.job_id = t.job_id and c.token = d.token) as cancel_requested
  from unnest(:places::int[], :job_ids::uuid[], :lanes::int[], :seqs::bigint[], :tokens::uuid[])
       as d(place, job_id, lane, seq, token)
 cross join lateral (select job_id, charged, crashes from pulse.turn
                      where lane = d.lane and seq = d.seq and status = 'running' and token = d.token
                        and job_id = d.job_id limit 1) t
 cross join lateral (select max_attempts, backoff, timeout_ms from pulse.job_fact where id = t.job_id limit 1) f
