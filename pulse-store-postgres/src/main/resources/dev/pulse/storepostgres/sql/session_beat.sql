-- Extends leases: one row per session, whatever it holds (E4). Caller: PgSessionStore.heartbeat.
-- A lapsed session that nobody swept yet lives on: lapse only permits the sweep.
-- Locks: session rows, in id order. Index: session_pkey. No indexed column changes: a HOT update.
-- A session that is left out of the answer has ended.
update pulse.session s
   set heartbeat_at = pulse.now()
  from (select id from pulse.session where id = any(:ids::uuid[]) and ended_at is null order by id for no key update) alive
 where s.id = alive.id
returning s.id
