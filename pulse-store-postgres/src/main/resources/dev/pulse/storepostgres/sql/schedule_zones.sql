-- Notes which time zone data the replicas have; where it was another, cron rules want a look. Caller: PgScheduleStore.zonesAre.
-- Asked once by each replica that starts. Replicas of two versions side by side cost a look each, and nothing else.
-- Locks: the control row and those schedules, when it changed. Index: none.
-- One row.
with changed as (
    update pulse.control set zones = :version where zones is distinct from :version returning 1
), moved as (
    update pulse.schedule set look_at = pulse.now()
     where look_at is not null and cron is not null and exists (select from changed)
    returning 1
)
select count(*) as n from moved
