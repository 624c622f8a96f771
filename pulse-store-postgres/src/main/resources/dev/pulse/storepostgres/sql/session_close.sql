-- Ends a session by its own wish. Caller: PgSessionStore.close.
-- What it still holds is looked after by the next sweep.
-- Locks: the session's row: a claim that is granting to it is waited for, and none comes after. Index: session_pkey.
-- Ending twice changes nothing.
update pulse.session set ended_at = pulse.now() where id = :id::uuid and ended_at is null
