-- The cancels asked of these sessions. Caller: PgSessionStore.cancelRequests.
-- A request whose attempt has ended meanwhile does no harm: its token is dead.
-- Locks: none. Index: none, the table is small.
-- At most 10000.
select session, job_id, lane, seq, token from pulse.cancel_request where session = any(:sessions::uuid[]) limit 10000
