-- Puts a final job back in line: fresh seq, fresh budget, attempt numbers go on. Caller: PgJobStore.requeue, after job_lock.
-- Upholds I4, I5. Only a job without turn and without due row is final.
-- Locks: the facts (held), a new turn. Index: job_pkey, turn_key, turn_reseated, due_pkey, dead_pkey, attempt_pkey.
-- Zero rows: the job is not final.
with final as materialized (
    select f.id, l.number as lane, h.attempt, h.no
      from pulse.job_fact f
      join pulse.lane l on l.queue = f.queue and l.type = f.type and l.priority = f.priority and not l.suspect
     cross join lateral (select attempt, no from pulse.attempt_all where job_id = f.id order by no desc limit 1) h
     where f.id = :id::uuid
       and not exists (select from pulse.turn t where t.lane = f.lane and t.seq = f.seq and t.job_id = f.id)
       and not exists (select from pulse.turn t where t.reseated and t.job_id = f.id)
       and not exists (select from pulse.due d where d.job_id = f.id)
), undead as (
    delete from pulse.dead d using final where d.job_id = final.id
)
insert into pulse.turn (lane, seq, job_id, attempt, history, since, reseated)
select lane, nextval('pulse.turn_seq'), id, attempt, no, pulse.now(), true from final
returning lane
