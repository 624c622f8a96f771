-- Drops keys that ended long ago. Caller: PgKeyStore.create.
-- The audit log goes on telling who made and who ended them.
-- Locks: the rows. Index: none; the table is small.
-- Upholds nothing of the engine.
delete from pulse.api_key
 where least(revoked_at, expires_at) < pulse.now() - :age_ms::bigint * interval '1 millisecond'
