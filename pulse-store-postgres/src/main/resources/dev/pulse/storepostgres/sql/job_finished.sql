-- Which of these jobs are final or gone. Caller: PgJobStore.finished, for everyone who waits at once.
-- Unfinished means: a turn or a due row stands.
-- Locks: none. Index: job_pkey, turn_key, turn_reseated, due_pkey.
-- At most 1000 ids.
select o.id
  from unnest(:ids::uuid[]) as o(id)
  left join lateral (select lane, seq from pulse.job_fact where id = o.id limit 1) f on true
 where not exists (select from pulse.due d where d.job_id = o.id)
   and not exists (select from pulse.turn t where t.reseated and t.job_id = o.id)
   and not exists (select from pulse.turn t where t.lane = f.lane and t.seq = f.seq and t.job_id = o.id)
