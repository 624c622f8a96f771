-- How long the oldest ready job of each queue or type has waited. Caller: PgSwitchStore.lines.
-- Per lane the first pending turn is the oldest: a lane is first in, first out.
-- Locks: none. Index: turn_key, one probe per lane.
-- No row for a queue or type where nothing is ready.
select case :kind::text when 'queue' then l.queue else l.type end as name,
       (extract(epoch from pulse.now() - min(t.since)) * 1000)::bigint as ms
  from pulse.lane l
 cross join lateral (select since from pulse.turn where lane = l.number and status = 'pending' order by seq limit 1) t
 group by 1
