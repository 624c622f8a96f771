-- Moves the last history out of a day: of jobs whose facts lie beside the days. Caller: DayDrop, holding the day's tables.
-- And forgets what the dropped jobs left elsewhere: late history, dead letters over their limit, counts.
-- Locks: the rows moved and deleted. Index: job_other_pkey, attempt_pkey, attempt_other_pkey, dead_pkey, job_count_pkey.
-- Whether a job is dropped is said by its facts: they have been moved by now, or they go.
with kept as materialized (
    select id from pulse.job_other where id >= :from::uuid and id < :until::uuid
), history as (
    delete from pulse.attempt a using kept k
     where a.job_id = k.id and a.job_id >= :from::uuid and a.job_id < :until::uuid
    returning a.job_id, a.no, a.attempt, a.token, a.session, a.worker, a.outcome, a.ended_as, a.started_at, a.ended_at,
              a.error_type, a.error_message, a.error_stack, a.result, a.result_type, a.tx, a.lane
), noted as (
    insert into pulse.attempt_other (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
                                     error_type, error_message, error_stack, result, result_type, tx, lane)
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at, error_type,
           error_message, error_stack, result, result_type, tx, lane
      from history
), unnoted as (
    delete from pulse.attempt_other a
     where a.job_id >= :from::uuid and a.job_id < :until::uuid and not exists (select from kept k where k.id = a.job_id)
), undead as (
    delete from pulse.dead d
     where d.job_id >= :from::uuid and d.job_id < :until::uuid and not exists (select from kept k where k.id = d.job_id)
), uncounted as (
    delete from pulse.job_count where day = pulse.day_of(:from::uuid)
), unchanged as (
    delete from pulse.count_delta where day = pulse.day_of(:from::uuid)
)
select count(*) as moved from history
