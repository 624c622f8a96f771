-- Stores occurrences before their jobs; answers the places of those that are new. Callers: PgScheduleStore.fire, runNow.
-- Upholds I6: an occurrence that is there has its job, and gets no second one.
-- Locks: new rows, in the order of their key. Index: occurrence_pkey.
-- Left out: known ones.
with offered as materialized (
    select * from unnest(:places::int[], :schedules::uuid[], :instants::timestamptz[], :job_ids::uuid[], :coalesced::bigint[],
                         :manuals::boolean[])
                  as o(place, schedule, at, job_id, coalesced, manual)
), stored as (
    insert into pulse.occurrence (schedule, at, job_id, fired_at, coalesced, manual)
    select schedule, at, job_id, pulse.now(), coalesced, manual from offered order by schedule, at
        on conflict (schedule, at) do nothing
    returning job_id
)
select o.place from offered o where exists (select from stored s where s.job_id = o.job_id)
