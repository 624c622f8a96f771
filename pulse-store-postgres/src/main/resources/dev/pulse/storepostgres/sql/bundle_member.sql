-- The next members of bundles, in the order of their ids. Caller: PgBundleStore.cancel, delete.
-- unfinished: a turn or a due row stands; what becomes of it is the business of the act that follows.
-- Locks: none. Index: job_bundle, job_other_bundle, turn_key, turn_reseated, due_pkey.
-- The last row is where the next chunk begins.
select m.id, exists (select from pulse.due d where d.job_id = m.id)
             or exists (select from pulse.turn t where t.lane = m.lane and t.seq = m.seq and t.job_id = m.id)
             or exists (select from pulse.turn t where t.reseated and t.job_id = m.id) as unfinished
  from (select id, lane, seq from pulse.job_fact
         where bundle_id = any(:bundles::uuid[]) and id > :after::uuid order by id limit :limit) m
 order by m.id
