-- Writes down a stretch of the feed: handed out where a consumer is named, else waiting. Callers: PgEventStore.lease, fail.
-- Locks: a new row.
-- Index: delivery_pkey, delivery_of.
-- Answers the token, null for one that waits.
insert into pulse.delivery (subscription, token, consumer, n, tries, gap, from_position, from_seq, from_place, until_position,
                            until_seq, until_place, lease_until, ready_at, error)
select :name::text, case when :consumer::text is not null then gen_random_uuid() end, :consumer::text, :n::int, :tries::int,
       :gap::boolean, :from_position::bigint, :from_seq::bigint, :from_place::int, :until_position::bigint,
       :until_seq::bigint, :until_place::int,
       case when :consumer::text is not null then pulse.now() + :wait_ms::bigint * interval '1 ms' end,
       case when :consumer::text is null then pulse.now() + :wait_ms::bigint * interval '1 ms' end, :error::text
returning token
