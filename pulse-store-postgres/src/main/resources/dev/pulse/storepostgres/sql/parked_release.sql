-- Hands parked events out again, each alone, with all its tries. Caller: PgEventStore.unpark.
-- Locks: the parked events.
-- Index: parked_event_pkey.
-- What the feed has dropped meanwhile stays parked: it could not be read again.
with picked as (
    delete from pulse.parked_event p using pulse.control c
     where p.subscription = :name::text
       and (p.position, p.seq) > (c.feed_dropped_position, c.feed_dropped_seq)
       and (p.position, p.seq, p.place) in (select position, seq, place from pulse.parked_event
                                             where subscription = :name::text order by position, seq, place limit 1000)
    returning p.position, p.seq, p.place
)
insert into pulse.delivery (subscription, n, from_position, from_seq, from_place, until_position, until_seq, until_place,
                            ready_at)
select :name::text, 1, position, seq, place, position, seq, place + 1, pulse.now() from picked order by position, seq, place
