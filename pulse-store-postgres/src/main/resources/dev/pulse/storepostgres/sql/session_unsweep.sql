-- Notes that sessions still hold something: the next sweep takes them up again. Caller: PgSessionStore.sweep.
-- They have ended all the same: nothing is granted to them any more.
-- Locks: the session rows (held). Index: session_pkey.
-- In the transaction that swept them.
update pulse.session set swept_at = null where id = any(:sessions::uuid[])
