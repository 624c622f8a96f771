-- Locks the facts that are about to be moved aside; what an operator acts on right now is left for the next time.
-- Caller: DayDrop, before day_move.
-- Locks: facts for update, in id order, skip locked. Index: job_pkey.
-- Facts come before the rollup's row, as in a delete.
select id from pulse.job
 where id = any(:ids::uuid[]) and id >= :from::uuid and id < :until::uuid
 order by id
   for update skip locked
