-- Whether a job of a day came to life again while the day was being emptied: an operator requeued it. Caller: DayDrop, when
-- nobody can reach the day any more. Upholds P2.
-- Locks: none. Index: turn_reseated, due_pkey, dead_pkey: a few pages, because traffic waits.
-- A requeued job has a new turn that is reseated; from there it goes to due or dead.
select exists (select from pulse.turn t
                where t.reseated and t.job_id >= :from::uuid and t.job_id < :until::uuid
                  and not exists (select from pulse.job_other o where o.id = t.job_id))
    or exists (select from pulse.due d
                where d.job_id >= :from::uuid and d.job_id < :until::uuid
                  and not exists (select from pulse.job_other o where o.id = d.job_id))
    or exists (select from pulse.dead d
                where d.job_id >= :from::uuid and d.job_id < :until::uuid
                  and not exists (select from pulse.job_other o where o.id = d.job_id)) as busy
