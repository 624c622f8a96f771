-- Deletes the notes of jobs that are gone, in one walk over those that have any. Caller: PgNoteStore.tidy.
-- last is where the next walk goes on; null at the end. A job that tells nothing costs nothing here.
-- Locks: rows of jobs that are gone. Index: job_progress_pkey, job_log_pkey, job_pkey, job_other_pkey.
-- Every line has a row in job_progress, made in the same transaction, so that no line is left behind.
with walked as materialized (
    select job_id from pulse.job_progress where job_id > :after::uuid order by job_id limit :limit
), orphan as materialized (
    select s.job_id from walked s where not exists (select from pulse.job_fact f where f.id = s.job_id)
), log_lines as (
    delete from pulse.job_log l using orphan g where l.job_id = g.job_id
), removed as (
    delete from pulse.job_progress p using orphan g where p.job_id = g.job_id returning p.job_id
)
select (select job_id from walked order by job_id desc limit 1) as last,
       (select count(*) from walked) as seen,
       (select count(*) from removed) as removed
