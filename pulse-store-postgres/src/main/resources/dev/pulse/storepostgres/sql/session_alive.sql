-- Whether a session that could not be opened is another one's. Caller: PgSessionStore.open, where session_open gave no row.
-- An ended one belongs to nobody any more.
-- Locks: none. Index: session_pkey.
-- Zero rows: it has ended.
select id from pulse.session where id = :id::uuid and ended_at is null
