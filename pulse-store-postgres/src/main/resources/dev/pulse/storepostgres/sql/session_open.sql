-- Opens a session, or takes up a living one after a reconnect. Caller: PgSessionStore.open. An ended one is never revived (E2).
-- A lapsed one that nobody swept lives on. The session's own start is kept; its last heartbeat is now.
-- Locks: the session's row. Index: session_pkey.
-- Zero rows: the session was ended, or is another one's (a session of nobody is taken by whoever names it). A row that was only now inserted was updated by nobody: its xmax is 0.
insert into pulse.session as s (id, worker, types, queues, slots, lease_ttl, owner, started_at, heartbeat_at)
values (:id::uuid, :worker::text, :types::text[], :queues::text[], :slots::int, :ttl_ms::bigint * interval '1 ms', :owner::text, pulse.now(), pulse.now())
    on conflict (id) do update
   set worker = excluded.worker, types = excluded.types, queues = excluded.queues, slots = excluded.slots,
       lease_ttl = excluded.lease_ttl, owner = excluded.owner, heartbeat_at = excluded.heartbeat_at
 where s.ended_at is null and s.owner in ('', excluded.owner)
returning xmax <> 0 as there
