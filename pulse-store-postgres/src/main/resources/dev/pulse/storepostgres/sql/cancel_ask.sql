-- Asks the workers of running jobs to cancel them. Caller: JobActs.cancel. The turns are never touched (engine.md 2).
-- A turn is locked for share: an attempt that is just ending is waited for, and then there is nothing to ask.
-- Locks: turns for share in key order, the requests. Index: turn_key, turn_reseated, cancel_request_pkey.
-- A job that is left out is not running.
with asked as materialized (
    select id from unnest(:ids::uuid[]) as u(id) order by id
), place as materialized (
    select f.lane, f.seq, f.id
      from asked a
     cross join lateral (select id, lane, seq from pulse.job_fact where id = a.id limit 1) f
     union all
    select t.lane, t.seq, a.id
      from asked a
     cross join lateral (select lane, seq from pulse.turn where reseated and job_id = a.id limit 1) t
), held as materialized (
    select t.*
      from (select lane, seq, id from place order by lane, seq) p
     cross join lateral (select job_id, token, session, lane, seq from pulse.turn
                          where lane = p.lane and seq = p.seq and job_id = p.id and status = 'running' for share) t
)
insert into pulse.cancel_request (job_id, token, session, lane, seq, actor, at)
select job_id, token, session, lane, seq, :by::text, pulse.now() from held order by job_id
    on conflict (job_id, token) do update set actor = pulse.cancel_request.actor
returning job_id, session
