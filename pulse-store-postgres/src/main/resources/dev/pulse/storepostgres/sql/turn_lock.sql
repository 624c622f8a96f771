-- Locks the turns of a batch of reports before anything is decided of them. Caller: PgJobStore.end, sweep. Upholds I3.
-- Runs where a failure is among the reports: what happened before the lock is then visible to turn_state's snapshot.
-- Locks: turns for update, in key order (one order for all batches). Index: turn_key.
-- Zero rows for a token is an answer: its lease is gone.
select d.lane, d.seq
  from (select o.job_id, o.lane, o.seq, o.token
          from unnest(:job_ids::uuid[], :lanes::int[], :seqs::bigint[], :tokens::uuid[]) as o(job_id, lane, seq, token)
         order by o.lane, o.seq) d
 cross join lateral (select from pulse.turn
                      where lane = d.lane and seq = d.seq and status = 'running' and token = d.token
                        and job_id = d.job_id
                        for update) t
