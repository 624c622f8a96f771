-- Removes a job with its history. Caller: PgJobStore.delete, after job_lock. Not while it runs: zero rows then.
-- The turn is addressed by its ctid and its status: should a claim get there first, nothing is removed.
-- Locks: the facts (held) and every row of the job. Index: job_pkey and the keys of the other tables.
-- Upholds I2: a running turn is never removed but by its token.
with facts as materialized (
    select id, lane, seq, type, key from pulse.job_fact where id = :id::uuid
), seat as materialized (
    select t.place, t.status from facts f
     cross join lateral (select ctid as place, status from pulse.turn
                          where lane = f.lane and seq = f.seq and job_id = f.id for update) t
), seat_elsewhere as materialized (
    select ctid as place, status from pulse.turn where reseated and job_id = :id::uuid for update
), idle as materialized (
    select f.id, f.type, f.key from facts f
     where not exists (select from seat where status = 'running')
       and not exists (select from seat_elsewhere where status = 'running')
), unseated as (
    delete from pulse.turn
     where ctid = any(array(select place from seat union all select place from seat_elsewhere))
       and exists (select from idle)
), undue as (
    delete from pulse.due using idle where job_id = idle.id
), undead as (
    delete from pulse.dead using idle where job_id = idle.id
), unkeyed as (
    delete from pulse.job_key k using idle where k.type = idle.type and k.key = idle.key and k.job_id = idle.id
), unnoted as (
    delete from pulse.attempt a using idle where a.job_id = idle.id
), unnoted_elsewhere as (
    delete from pulse.attempt_other a using idle where a.job_id = idle.id
), gone as (
    delete from pulse.job j using idle where j.id = idle.id
), gone_elsewhere as (
    delete from pulse.job_other j using idle where j.id = idle.id
)
select id from idle
