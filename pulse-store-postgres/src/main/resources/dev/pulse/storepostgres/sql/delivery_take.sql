-- Hands a delivery out again, under a fresh token: the one before is stale from now on. Caller: PgEventStore.lease.
-- Locks: the delivery (held).
-- Index: delivery_pkey.
-- Answers the token.
update pulse.delivery
   set token = gen_random_uuid(), consumer = :consumer::text, tries = tries + 1, n = :n::int,
       lease_until = pulse.now() + :wait_ms::bigint * interval '1 ms', ready_at = null
 where id = :id::bigint
returning token
