-- How long until the next schedule wants a look. Caller: PgScheduleStore.fire, untilNext.
-- Zero or less: some do already, held by another replica or beyond the batch.
-- Locks: none. Index: schedule_look (its first entry).
-- No rows: none will.
select (extract(epoch from look_at - pulse.now()) * 1000)::bigint as ms
  from pulse.schedule where look_at is not null order by look_at limit 1
