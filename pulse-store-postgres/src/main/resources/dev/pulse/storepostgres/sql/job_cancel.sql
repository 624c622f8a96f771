-- Cancels a waiting job and notes it in its history. Caller: PgJobStore.cancel. Upholds I5, I7.
-- A turn is addressed by its ctid: should a claim get there first, nothing is canceled and the caller looks again.
-- Locks: the turn or the due row. Index: turn_key, turn_reseated, due_pkey.
-- Zero rows: the job is not waiting.
with facts as materialized (
    select id, lane, seq from pulse.job_fact where id = :id::uuid
), spot as materialized (
    select t.ctid as spot from facts f join pulse.turn t on t.lane = f.lane and t.seq = f.seq where t.job_id = f.id
     union all
    select ctid from pulse.turn where reseated and job_id = :id::uuid
), seat as (
    delete from pulse.turn where ctid = any(array(select spot from spot)) and status = 'pending'
    returning job_id, attempt, history
), wait as (
    delete from pulse.due where job_id = :id::uuid returning job_id, attempt, history
), ended as materialized (
    select * from seat union all select * from wait
), bound as materialized (
    select day_from, day_until from pulse.control
), noted as (
    insert into pulse.attempt (job_id, no, attempt, outcome, ended_as, ended_at, error_type, error_message)
    select job_id, history + 1, attempt, 'canceled', 'canceled', pulse.now(), 'canceled', 'canceled by ' || :by::text
      from ended cross join bound where job_id >= day_from and job_id < day_until
), noted_elsewhere as (
    insert into pulse.attempt_other (job_id, no, attempt, outcome, ended_as, ended_at, error_type, error_message)
    select job_id, history + 1, attempt, 'canceled', 'canceled', pulse.now(), 'canceled', 'canceled by ' || :by::text
      from ended cross join bound where not (job_id >= day_from and job_id < day_until)
)
select job_id from ended
