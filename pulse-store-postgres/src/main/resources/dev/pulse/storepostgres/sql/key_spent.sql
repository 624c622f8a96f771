-- Which of these locked keys are free to be taken over: expired, or without a ttl and the holder finished or gone.
-- Caller: PgJobStore.insert, requeue, in the statement after key_holder. Upholds P6.
-- Locks: none (the caller holds the keys). Index: job_key_pkey, job_pkey, turn_key, turn_reseated, due_pkey.
-- Unfinished means: a turn or a due row stands.
select k.type, k.key
  from unnest(:types::text[], :keys::text[]) as o(type, key)
 cross join lateral (select type, key, job_id, expires_at from pulse.job_key where type = o.type and key = o.key limit 1) k
 where case when k.expires_at is not null then k.expires_at <= pulse.now()
            else not exists (select from pulse.due where job_id = k.job_id)
             and not exists (select from pulse.turn where reseated and job_id = k.job_id)
             and not exists (select from pulse.job_fact f join pulse.turn t on t.lane = f.lane and t.seq = f.seq
                              where f.id = k.job_id and t.job_id = k.job_id)
       end
