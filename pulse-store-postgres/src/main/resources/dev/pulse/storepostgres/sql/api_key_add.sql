-- Stores a key. Caller: PgKeyStore.create, with the audit entry in the same transaction.
-- Only the hash of the secret is stored. Zero rows: too many keys hold.
-- Locks: a new row. Index: api_key_pkey.
-- An expiry that has passed is found by the caller, who then rolls back.
insert into pulse.api_key (id, hash, name, rights, created_at, created_by, expires_at)
select :id::text, :hash::bytea, :name::text, :rights::text, pulse.now(), :by::text,
       coalesce(:expires_at::timestamptz, pulse.now() + :expires_ms::bigint * interval '1 millisecond')
 where (select count(*) from pulse.api_key
         where revoked_at is null and (expires_at is null or expires_at > pulse.now())) < :most::bigint
returning id, name, rights, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at
