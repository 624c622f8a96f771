-- How long the oldest ready job has waited. Caller: PgJobStore.counts.
-- Per lane the first pending turn is the oldest: a lane is first in, first out.
-- Locks: none. Index: turn_key, one probe per lane.
-- No rows: nothing is ready.
select (extract(epoch from pulse.now() - min(t.since)) * 1000)::bigint as ms
  from pulse.lane l
 cross join lateral (select since from pulse.turn where lane = l.number and status = 'pending' order by seq limit 1) t
having min(t.since) is not null
