-- Subscriptions with what waits for them. Caller: PgEventStore.subscriptions, subscription. Unread events are counted up to a
-- bound: the rows of the feed behind the place, matching or not.
-- Locks: none. Index: event_place, delivery_of, parked_event_pkey.
-- Ordered by name.
select s.name, s.kinds, s.types, s.queues, s.created_at, s.position, s.seq, s.place, s.gaps, s.last_gap_at,
       coalesce(u.unread, 0) as unread,
       coalesce((extract(epoch from pulse.now() - u.oldest) * 1000)::bigint, 0) as lag_ms,
       coalesce(d.n, 0) as in_flight,
       (select count(*) from pulse.parked_event p where p.subscription = s.name) as parked
  from pulse.subscription s
 cross join (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + feed_shift as horizon from pulse.control) f
  left join lateral (
        select least(coalesce(sum(w.n), 0), :most::bigint)::bigint as unread, min(w.at) as oldest from (
            select case when (e.position, e.seq) = (s.position, s.seq) then e.n - s.place else e.n end as n, e.at
              from pulse.event e
             where (e.position, e.seq) >= (s.position, s.seq) and e.position < f.horizon
             order by e.position, e.seq limit :most::bigint) w where w.n > 0) u on true
  left join lateral (select sum(n) as n from pulse.delivery d where d.subscription = s.name) d on true
 where :name::text is null or s.name = :name::text
 order by s.name
