-- One page of keys, newest first. Caller: PgKeyStore.list.
-- The cursor is the last row's number: a keyset.
-- Locks: none. Index: api_key_seq_key, backwards.
-- Never the hash.
select seq, id, name, rights, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at
  from pulse.api_key where seq < :before::bigint
 order by seq desc limit :limit
