-- Makes a subscription; one that is there stays as it is. Caller: PgEventStore.subscribe.
-- Locks: a new row.
-- Index: subscription_pkey.
-- The place is the caller's: the end of the feed, or behind what was dropped.
insert into pulse.subscription (name, kinds, types, queues, created_at, position, seq, place)
values (:name::text, :kinds::text[], :types::text[], :queues::text[], pulse.now(), :position::bigint, :seq::bigint, 0)
    on conflict (name) do nothing
