-- Puts final jobs back in line: fresh seq, fresh budget, attempt numbers go on. Caller: JobActs.requeue, after job_lock.
-- Upholds I4, I5, I10. Only a job without turn and without due row is final; they queue in the order in which they are named.
-- Locks: the facts (held), new turns, deltas of counts and bundles. Index: job_pkey, turn_key, turn_reseated, due_pkey, dead_pkey, attempt_pkey.
-- A job that is left out is not final.
with final as materialized (
    select f.id, f.type, f.bundle_id, l.number as lane, h.attempt, h.no, h.ended_as, o.place
      from unnest(:ids::uuid[]) with ordinality as o(id, place)
     cross join lateral (select id, lane, seq, queue, type, priority, bundle_id from pulse.job_fact where id = o.id limit 1) f
     cross join lateral (select number from pulse.lane
                          where queue = f.queue and type = f.type and priority = f.priority and not suspect limit 1) l
     cross join lateral (select attempt, no, ended_as from pulse.attempt_all where job_id = f.id order by no desc limit 1) h
     where not exists (select from pulse.turn t where t.lane = f.lane and t.seq = f.seq and t.job_id = f.id)
       and not exists (select from pulse.turn t where t.reseated and t.job_id = f.id)
       and not exists (select from pulse.due d where d.job_id = f.id)
), undead as (
    delete from pulse.dead d using final where d.job_id = final.id
), uncounted as (
    insert into pulse.count_delta (job_id, type, day, status, n)
    select f.id, f.type,
           case when exists (select from pulse.job_other o where o.id = f.id) then -1 else pulse.day_of(f.id) end,
           f.ended_as, -1
      from final f where f.ended_as in ('completed', 'canceled')
), told as (
    insert into pulse.event (n, kinds, subjects, lanes, attempts)
    select count(*), array_fill('requeued'::pulse.event_kind, array[count(*)::int]), array_agg(id), array_agg(lane),
           array_agg(attempt)
      from final having count(*) > 0
), bundled as (
    insert into pulse.bundle_delta (bundle, completed, dead_lettered, canceled)
    select bundle_id, -count(*) filter (where ended_as = 'completed'), -count(*) filter (where ended_as = 'dead_lettered'),
           -count(*) filter (where ended_as = 'canceled')
      from final where bundle_id is not null group by bundle_id
)
insert into pulse.turn (lane, seq, job_id, attempt, history, since, reseated, bundle)
select lane, nextval('pulse.turn_seq'), id, attempt, no, pulse.now(), true, bundle_id from (select * from final order by place) f
returning job_id, lane
