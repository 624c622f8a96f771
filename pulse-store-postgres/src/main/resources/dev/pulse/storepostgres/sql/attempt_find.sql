-- What became of attempts whose turn is gone. Caller: PgJobStore.end. Upholds I9: every report is answered.
-- known: the job exists; outcome: of the attempt with that token, null where no such attempt ended.
-- Locks: none. Index: attempt_pkey, attempt_other_pkey, job_pkey.
-- Fenced by limit 1: index probes whatever the statistics say.
select d.place,
       exists (select from pulse.job_fact f where f.id = d.job_id) as known,
       (select a.outcome::text from pulse.attempt_all a where a.job_id = d.job_id and a.token = d.token limit 1) as outcome
  from unnest(:places::int[], :job_ids::uuid[], :tokens::uuid[]) as d(place, job_id, token)
