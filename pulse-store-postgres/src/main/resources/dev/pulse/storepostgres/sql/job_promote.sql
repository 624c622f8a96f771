-- Makes due jobs ready, or those named. Callers: PgJobStore.promote, JobActs.runNow. Upholds I4, I7.
-- Each gets a fresh seq, in the order of its time: it queues behind what was ready before it. A job that lost its worker
-- twice in a row goes to its lane's suspect sibling, and back when it behaved. Locks: due rows, skip locked; new turns.
-- Index: due_run_at or due_pkey, turn_key.
with picked as materialized (
    select * from (select ctid as spot, run_at, job_id from pulse.due
                    where :ids::uuid[] is null and run_at <= pulse.now()
                    order by run_at, job_id limit :limit for update skip locked) batch
     union all
    select d.spot, d.run_at, d.job_id
      from (select id from unnest(:ids::uuid[]) as u(id) order by id) o
     cross join lateral (select ctid as spot, run_at, job_id from pulse.due where job_id = o.id for update) d
), gone as (
    delete from pulse.due d using picked p where d.ctid = p.spot
    returning d.job_id, d.lane, d.status, d.run_at, d.attempt, d.charged, d.crashes, d.history, d.bundle
), seated as materialized (
    select g.*, nextval('pulse.turn_seq') as seq from (select * from gone order by run_at, job_id) g
), placed as (
    insert into pulse.turn (lane, seq, job_id, attempt, charged, crashes, history, since, reseated, bundle)
    select l.number, s.seq, s.job_id, s.attempt, s.charged, s.crashes, s.history, pulse.now(), true, s.bundle
      from seated s
      join pulse.lane was on was.number = s.lane
     cross join lateral (select number from pulse.lane
                          where queue = was.queue and type = was.type and priority = was.priority
                          order by suspect = (s.crashes >= 2) desc limit 1) l
     order by l.number, s.seq
    returning lane, job_id
)
select lane, count(*) as jobs, null::uuid as job_id, null as was from placed where :ids::uuid[] is null group by lane
 union all
select lane, 1, job_id, null from placed where :ids::uuid[] is not null
 union all
select 0, 0, job_id, status::text from seated where :ids::uuid[] is not null
