-- One page of what a schedule fired, the latest occurrence first. Caller: PgScheduleStore.fires.
-- The cursor is the last row's instant: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: occurrence_pkey backwards.
-- The jobs may be gone.
select at, fired_at, job_id, coalesced, manual from pulse.occurrence
 where schedule = :id::uuid and at < :before::timestamptz
 order by at desc
 limit :limit
