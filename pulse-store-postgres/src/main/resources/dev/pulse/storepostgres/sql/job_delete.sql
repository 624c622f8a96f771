-- Removes jobs with their history. Caller: JobActs.delete, after job_lock. Not while they run: those are left out.
-- Upholds I2, I10. Whoever waits goes by taking its turn or its due row away: should a claim, a promotion or an end get there
-- first, the job is left out and the caller looks again. A job that had neither is final, and the lock keeps it so.
-- Locks: the facts (held), every row of the job, turns in key order, the rollup's row for share. Index: job_pkey, all keys.
with facts as materialized (
    select f.id, f.lane, f.seq, f.type, f.key, f.bundle_id
      from (select id from unnest(:ids::uuid[]) as u(id) order by id) o
     cross join lateral (select id, lane, seq, type, key, bundle_id from pulse.job_fact where id = o.id limit 1) f
), place as materialized (
    select t.lane, t.seq, f.id
      from facts f
     cross join lateral (select lane, seq from pulse.turn where lane = f.lane and seq = f.seq and job_id = f.id limit 1) t
     union all
    select t.lane, t.seq, f.id
      from facts f
     cross join lateral (select lane, seq from pulse.turn where reseated and job_id = f.id limit 1) t
), due_row as materialized (
    select f.id from facts f cross join lateral (select from pulse.due where job_id = f.id limit 1) d
), held as materialized (
    select t.spot
      from (select lane, seq, id from place order by lane, seq) p
     cross join lateral (select ctid as spot from pulse.turn
                          where lane = p.lane and seq = p.seq and job_id = p.id and status = 'pending' for update) t
), unseated as (
    delete from pulse.turn t using held h where t.ctid = h.spot returning t.job_id
), held_due as materialized (
    select d.spot from due_row r cross join lateral (select ctid as spot from pulse.due where job_id = r.id for update) d
), undue as (
    delete from pulse.due d using held_due h where d.ctid = h.spot returning d.job_id
), idle as materialized (
    select id, lane, type, key, bundle_id from facts f
     where f.id in (select job_id from unseated union all select job_id from undue)
        or f.id not in (select id from place union all select id from due_row)
), undead as (
    delete from pulse.dead using idle where job_id = idle.id
), held_key as materialized (
    select k.spot
      from (select id, type, key from idle where key is not null order by type, key) i
     cross join lateral (select ctid as spot from pulse.job_key
                          where type = i.type and key = i.key and job_id = i.id for update) k
), unkeyed as (
    delete from pulse.job_key k using held_key h where k.ctid = h.spot
), rollup as materialized (
    select tx_until from pulse.rollup_state for share -- a fold waits, and sees neither half
), stood as materialized (
    select s.id, s.type, s.status, i.bundle_id,
           case when exists (select from pulse.job_other o where o.id = s.id) then -1 else pulse.day_of(s.id) end as day
      from idle i cross join lateral (select id, type, status from pulse.job_state where id = i.id limit 1) s
), unnoted as (
    delete from pulse.attempt a using idle where a.job_id = idle.id returning a.job_id, a.ended_as, a.tx
), unnoted_elsewhere as (
    delete from pulse.attempt_other a using idle where a.job_id = idle.id returning a.job_id, a.ended_as, a.tx
), uncounted as (
    -- What counts as completed or canceled counts no more; history that no fold has counted yet goes by itself.
    insert into pulse.count_delta (job_id, type, day, status, n)
    select c.id, c.type, c.day, c.status, sum(c.n)
      from (select id, type, day, status, -1 as n from stood
             union all
            select s.id, s.type, s.day, u.ended_as, 1
              from (select * from unnoted union all select * from unnoted_elsewhere) u
              join stood s on s.id = u.job_id
             where u.tx >= (select tx_until from rollup)) c
     where c.status in ('completed', 'canceled')
     group by 1, 2, 3, 4 having sum(c.n) <> 0
), gone as (
    delete from pulse.job j using idle where j.id = idle.id
), gone_elsewhere as (
    delete from pulse.job_other j using idle where j.id = idle.id
), told as (
    insert into pulse.event (n, kinds, subjects, lanes, attempts)
    select count(*), array_fill('deleted'::pulse.event_kind, array[count(*)::int]), array_agg(i.id), array_agg(i.lane),
           array_agg(coalesce(a.last, 0))
      from idle i
     cross join lateral (select max(attempt) as last from pulse.attempt_all where job_id = i.id) a
    having count(*) > 0
), bundled as (
    insert into pulse.bundle_delta (bundle, total, completed, dead_lettered, canceled)
    select bundle_id, -count(*), -count(*) filter (where status = 'completed'),
           -count(*) filter (where status = 'dead_lettered'), -count(*) filter (where status = 'canceled')
      from stood where bundle_id is not null group by bundle_id
)
select id from idle
