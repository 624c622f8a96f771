-- Removes a subscription with its deliveries and parked events. Caller: PgEventStore.unsubscribe.
-- Locks: the rows removed.
-- Index: subscription_pkey, delivery_of, parked_event_pkey.
-- Zero rows: there is none of that name.
with gone as (
    delete from pulse.subscription where name = :name::text returning name
), undelivered as (
    delete from pulse.delivery d using gone g where d.subscription = g.name
), unparked as (
    delete from pulse.parked_event p using gone g where p.subscription = g.name
)
select name from gone
