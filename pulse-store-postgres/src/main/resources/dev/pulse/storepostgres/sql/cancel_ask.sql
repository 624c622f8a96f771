-- Asks the worker of a running job to cancel it. Caller: PgJobStore.cancel. The turn itself is never touched (engine.md 2).
-- The turn is locked for share: an attempt that is just ending is waited for, and then there is nothing to ask.
-- Locks: the turn for share, the request. Index: turn_key, turn_reseated, cancel_request_pkey.
-- Zero rows: the job is not running.
with held as materialized (
    select t.* from pulse.job_fact f
     cross join lateral (select job_id, token, session, lane, seq from pulse.turn
                          where lane = f.lane and seq = f.seq and job_id = f.id and status = 'running' for share) t
     where f.id = :id::uuid
), held_elsewhere as materialized (
    select job_id, token, session, lane, seq from pulse.turn
     where reseated and job_id = :id::uuid and status = 'running' for share
)
insert into pulse.cancel_request (job_id, token, session, lane, seq, actor, at)
select job_id, token, session, lane, seq, :by::text, pulse.now()
  from (select * from held union all select * from held_elsewhere) h
    on conflict (job_id, token) do update set actor = pulse.cancel_request.actor
returning session
