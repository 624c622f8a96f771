-- Locks jobs beside the days that are to be removed; what an operator acts on right now is left for the next time.
-- Caller: PgHistoryStore.prune, before other_remove.
-- Locks: facts for update, in id order, skip locked. Index: job_other_pkey.
-- Facts come before the rollup's row, as in a delete.
select id from pulse.job_other where id = any(:ids::uuid[]) order by id for update skip locked
