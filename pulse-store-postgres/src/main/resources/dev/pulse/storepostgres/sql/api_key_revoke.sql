-- Ends a key. Caller: PgKeyStore.revoke, with the audit entry in the same transaction.
-- Zero rows: there is none, or it was revoked before.
-- Locks: the row. Index: api_key_pkey.
-- Servers that remember the key as good ask again within seconds.
update pulse.api_key set revoked_at = pulse.now(), revoked_by = :by::text
 where id = :id::text and revoked_at is null
returning id, name, rights, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at
