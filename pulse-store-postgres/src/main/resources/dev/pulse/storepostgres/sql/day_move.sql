-- Moves jobs with their history from their day to the tables beside the days. Caller: DayDrop, holding facts and rollup.
-- Upholds P2. Ids and history are the same rows as before, tx included: who reads by tx misses nothing and sees nothing twice.
-- Locks: the facts (held), their attempts, the counts of the day. Index: job_pkey, attempt_pkey.
-- What has been counted for the day moves along; history that no fold has counted yet will be counted where it lies.
with stood as materialized (
    select s.id, s.type, s.status
      from unnest(:ids::uuid[]) as o(id)
     cross join lateral (select id, type, status from pulse.job_state where id = o.id limit 1) s
), facts as (
    delete from pulse.job where id = any(:ids::uuid[]) and id >= :from::uuid and id < :until::uuid
    returning id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
              timeout_ms, content_hash, created_at, bundle_id
), placed as (
    insert into pulse.job_other (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                                 max_attempts, backoff, timeout_ms, content_hash, created_at, list_id, bundle_id)
    select id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
           timeout_ms, content_hash, created_at, id, bundle_id
      from facts
    returning id
), history as (
    delete from pulse.attempt where job_id = any(:ids::uuid[]) and job_id >= :from::uuid and job_id < :until::uuid
    returning job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at, error_type,
              error_message, error_stack, result, result_type, tx, lane
), noted as (
    insert into pulse.attempt_other (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
                                     error_type, error_message, error_stack, result, result_type, tx, lane)
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at, error_type,
           error_message, error_stack, result, result_type, tx, lane
      from history
), counted as (
    select type, status, sum(n) as n
      from (select type, status, 1 as n from stood
             union all
            select s.type, a.ended_as, -1
              from pulse.attempt_all a join stood s on s.id = a.job_id
             where a.job_id = any(:ids::uuid[]) and a.tx >= (select tx_until from pulse.rollup_state)) c
     where status in ('completed', 'canceled')
     group by 1, 2 having sum(n) <> 0
), shifted as (
    insert into pulse.job_count (day, type, status, n)
    select d.day, c.type, c.status, c.n * d.sign
      from counted c cross join (values (-1, 1), (pulse.day_of(:from::uuid), -1)) as d(day, sign)
     order by 1, 2, 3
        on conflict (day, type, status) do update set n = job_count.n + excluded.n
)
select count(*) as moved from placed
