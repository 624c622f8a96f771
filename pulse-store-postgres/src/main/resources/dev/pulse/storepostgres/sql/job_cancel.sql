-- Cancels waiting jobs and notes it in their history. Caller: JobActs.cancel. Upholds I5, I7, I10.
-- A turn is held as pending or not at all: should a claim get there first, it is left out and the caller looks again.
-- Locks: turns in key order, then due rows by id. Index: turn_key, turn_reseated, due_pkey.
-- A job that is left out is not waiting. was: the status that it had.
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
    select t.spot
      from (select lane, seq, id from place order by lane, seq) p
     cross join lateral (select ctid as spot from pulse.turn
                          where lane = p.lane and seq = p.seq and job_id = p.id and status = 'pending' for update) t
), seat as (
    delete from pulse.turn t using held h where t.ctid = h.spot
    returning t.job_id, t.attempt, t.history, t.lane, t.bundle, t.status as was
), held_due as materialized (
    select d.spot
      from asked a cross join lateral (select ctid as spot from pulse.due where job_id = a.id for update) d
), wait as (
    delete from pulse.due d using held_due h where d.ctid = h.spot
    returning d.job_id, d.attempt, d.history, d.lane, d.bundle, d.status as was
), ended as materialized (
    select * from seat union all select * from wait
), bound as materialized (
    select day_from, day_until, feed_shift from pulse.control
), noted as (
    insert into pulse.attempt (job_id, no, attempt, outcome, ended_as, ended_at, error_type, error_message, lane, tx)
    select job_id, history + 1, attempt, 'canceled', 'canceled', pulse.now(), 'canceled', 'canceled by ' || :by::text, lane,
           pg_current_xact_id()::text::bigint + feed_shift
      from ended cross join bound where job_id >= day_from and job_id < day_until
), noted_elsewhere as (
    insert into pulse.attempt_other (job_id, no, attempt, outcome, ended_as, ended_at, error_type, error_message, lane, tx)
    select job_id, history + 1, attempt, 'canceled', 'canceled', pulse.now(), 'canceled', 'canceled by ' || :by::text, lane,
           pg_current_xact_id()::text::bigint + feed_shift
      from ended cross join bound where not (job_id >= day_from and job_id < day_until)
), told as (
    insert into pulse.event (n, kinds, subjects, lanes, attempts)
    select count(*), array_fill('canceled'::pulse.event_kind, array[count(*)::int]), array_agg(job_id), array_agg(lane),
           array_agg(attempt)
      from ended having count(*) > 0
), bundled as (
    insert into pulse.bundle_delta (bundle, canceled)
    select bundle, count(*) from ended where bundle is not null group by bundle
)
select job_id, was::text as was from ended
