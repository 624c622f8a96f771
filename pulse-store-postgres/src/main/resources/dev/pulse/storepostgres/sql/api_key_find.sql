-- A key by its id. Caller: PgKeyStore.find, once in a few seconds for each key in use.
-- Whether it has expired, and whether its use is to be noted again, is for the database's clock to say.
-- Locks: none. Index: api_key_pkey.
-- Upholds nothing of the engine.
select id, name, rights, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at, hash,
       coalesce(expires_at <= pulse.now(), false) as expired,
       coalesce(last_used_at <= pulse.now() - :noted_ms::bigint * interval '1 millisecond', true) as idle
  from pulse.api_key where id = :id::text
