-- How far a job has come by its own account. Caller: PgNoteStore.read.
-- Zero rows: it has told nothing.
-- Locks: none. Index: job_progress_pkey.
-- Whether that is the running attempt is for the caller to compare.
select attempt, percent, note, lines, lost from pulse.job_progress where job_id = :job_id::uuid
