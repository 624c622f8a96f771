-- The turns that these sessions hold. Caller: PgSessionStore.heldBy.
-- One pass over the turns, never limited by a claimer's bound: rare, after a lapse or a reconnect.
-- Locks: none. Index: none.
-- Each is then ended, or kept, by its token.
select job_id, lane, seq, token, (extract(epoch from pulse.now() - since) * 1000)::bigint as age_ms
  from pulse.turn where status = 'running' and session = any(:sessions::uuid[])
