-- How long until the next job is due. Caller: PgJobStore.promote.
-- Zero or less: some are due already, held by another promoter or beyond the batch.
-- Locks: none. Index: due_run_at (its first entry).
-- No rows: nothing waits.
select (extract(epoch from run_at - pulse.now()) * 1000)::bigint as ms from pulse.due order by run_at limit 1
