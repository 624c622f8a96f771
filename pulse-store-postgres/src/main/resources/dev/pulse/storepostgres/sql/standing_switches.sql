-- The pauses and limits that a job stands under, and how far the limits are used. Caller: PgJobStore.standing.
-- What runs is counted as limit_count does, but nothing is taken away.
-- Locks: none. Index: switch_pkey, limited_pkey, turn_key.
-- A max_running of which nothing was claimed yet has not been seeded: it counts nothing.
select s.kind, s.name, s.paused_at, s.paused_by, s.reason, s.max_running, s.rate, s.tokens,
       greatest(0, extract(epoch from pulse.now() - s.filled_at) * 1000)::bigint as elapsed_ms,
       (select count(*)
          from pulse.lane n
         cross join lateral (select lane, seq, token from pulse.limited where lane = n.number) l
         where s.max_running is not null and case s.kind when 'queue' then n.queue else n.type end = s.name
           and l.token is not distinct from (select t.token from pulse.turn t where t.lane = l.lane and t.seq = l.seq)
       ) as running
  from pulse.switch s
 where (s.kind, s.name) in (('dispatch', ''), ('queue', :queue::text), ('type', :type::text))
 order by case s.kind when 'dispatch' then 0 when 'queue' then 1 else 2 end
