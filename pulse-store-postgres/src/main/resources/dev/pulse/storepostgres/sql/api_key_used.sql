-- Notes that a key was used. Caller: PgKeyStore.used, off the path of calls.
-- Servers may ask at the same time: the second finds it noted.
-- Locks: the row. Index: api_key_pkey.
-- At most one row version for each key and :noted_ms.
update pulse.api_key set last_used_at = pulse.now()
 where id = :id::text
   and coalesce(last_used_at <= pulse.now() - :noted_ms::bigint * interval '1 millisecond', true)
