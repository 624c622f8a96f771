-- Applies decided outcomes. Callers: PgJobStore.end, sweep. Upholds I2, I3, I4, I5, I7, I9, I10. The token is the fence: whoever
-- takes the turn away, or hands it back, has ended the attempt. Answers the places applied and those held: should fewer be
-- applied than held, the caller runs it again. Locks: turns for update, in key order. Index: turn_key.
-- A place comes once as held, again as applied; one not held is looked up in the history by its token: a repeat, or stale.
with decided as materialized (
    select * from unnest(:places::int[], :job_ids::uuid[], :lanes::int[], :seqs::bigint[], :tokens::uuid[], :outcomes::text[],
                         :statuses::text[], :delays::bigint[], :charged::int[], :crashes::int[], :error_types::text[],
                         :error_messages::text[], :error_stacks::text[], :results::bytea[], :result_types::text[])
             as d(place, job_id, lane, seq, token, outcome, status, delay_ms, charged, crashes, error_type, error_message,
                  error_stack, result, result_type)
     order by lane, seq
), held as materialized (
    select d.place, d.lane, d.token, d.outcome::pulse.outcome as outcome, d.status::pulse.job_status as status, d.delay_ms,
           d.charged, d.crashes, d.error_type, d.error_message, d.error_stack, d.result, d.result_type,
           t.spot, t.job_id, t.attempt, t.history + 1 as no, t.session, t.since, t.bundle
      from decided d
     cross join lateral (select ctid as spot, job_id, attempt, history, session, since, bundle from pulse.turn
                          where lane = d.lane and seq = d.seq and status = 'running' and token = d.token
                            and job_id = d.job_id
                            for update) t
), gone as (
    delete from pulse.turn t using held h where t.ctid = h.spot and h.status <> 'pending'
    returning h.place, h.lane, h.token, h.outcome, h.status, h.delay_ms, h.charged, h.crashes, h.error_type,
              h.error_message, h.error_stack, h.result, h.result_type, h.job_id, h.attempt, h.no, h.session, h.since,
              h.bundle
), released as (
    update pulse.turn t
       set status = 'pending', session = null, token = null, since = pulse.now(), charged = h.charged,
           crashes = h.crashes, history = h.no
      from held h where t.ctid = h.spot and h.status = 'pending'
    returning h.place, h.lane, h.token, h.outcome, h.status, h.delay_ms, h.charged, h.crashes, h.error_type,
              h.error_message, h.error_stack, h.result, h.result_type, h.job_id, h.attempt, h.no, h.session, h.since,
              h.bundle
), ended as materialized (
    select * from gone union all select * from released
), later as (
    insert into pulse.due (job_id, lane, status, run_at, attempt, charged, crashes, history, bundle)
    select job_id, lane, status, pulse.now() + delay_ms * interval '1 ms', attempt, charged, crashes, no, bundle
      from ended where status in ('retrying', 'scheduled') order by job_id
), buried as (
    insert into pulse.dead (job_id, lane, attempt, charged, crashes, history, fingerprint, died_at, bundle)
    select job_id, lane, attempt, charged, crashes, no,
           md5(coalesce(error_type, '') || ':' || regexp_replace(coalesce(error_message, ''), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '#', 'g'))::uuid,
           pulse.now(), bundle
      from ended where status = 'dead_lettered' order by job_id
), bound as materialized (
    select day_from, day_until, feed_shift from pulse.control
), noted as (
    insert into pulse.attempt (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
                               error_type, error_message, error_stack, result, result_type, lane, tx)
    select e.job_id, e.no, e.attempt, e.token, e.session, s.worker, e.outcome, e.status, e.since, pulse.now(),
           e.error_type, e.error_message, e.error_stack, e.result, e.result_type, e.lane,
           pg_current_xact_id()::text::bigint + b.feed_shift
      from ended e cross join bound b left join pulse.session s on s.id = e.session
     where e.job_id >= b.day_from and e.job_id < b.day_until
), noted_elsewhere as (
    insert into pulse.attempt_other (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
                                     error_type, error_message, error_stack, result, result_type, lane, tx)
    select e.job_id, e.no, e.attempt, e.token, e.session, s.worker, e.outcome, e.status, e.since, pulse.now(),
           e.error_type, e.error_message, e.error_stack, e.result, e.result_type, e.lane,
           pg_current_xact_id()::text::bigint + b.feed_shift
      from ended e cross join bound b left join pulse.session s on s.id = e.session
     where not (e.job_id >= b.day_from and e.job_id < b.day_until)
), told as (
    insert into pulse.event (position, n, kinds, subjects, lanes, attempts)
    select pg_current_xact_id()::text::bigint + (select feed_shift from bound), count(*),
           array_agg(case status when 'completed' then 'completed' when 'retrying' then 'retrying'
                                 when 'dead_lettered' then 'dead_lettered' when 'canceled' then 'canceled'
                                 when 'scheduled' then 'snoozed' when 'pending' then 'released' end::pulse.event_kind),
           array_agg(job_id), array_agg(lane), array_agg(attempt)
      from ended having count(*) > 0
), bundled as (
    insert into pulse.bundle_delta (bundle, completed, dead_lettered, canceled)
    select bundle, count(*) filter (where status = 'completed'), count(*) filter (where status = 'dead_lettered'),
           count(*) filter (where status = 'canceled')
      from gone where bundle is not null and status in ('completed', 'dead_lettered', 'canceled') group by bundle
), carried_out as (
    delete from pulse.cancel_request c using ended e where c.job_id = e.job_id and c.token = e.token
)
select place, false as applied, bundle, null::bigint as transaction from held
 union all
select place, true, bundle, (select pg_current_xact_id()::text::bigint) from ended
