-- What attempts tell of themselves. Apart from the turns: nothing here is on the path of a job that tells nothing.

-- How far the last attempt that told anything has come, and how much it told. One row for each such job.
create table pulse.job_progress (
    job_id  uuid primary key,
    attempt int not null,
    percent int check (percent between 0 and 100),
    note    text,
    lines   bigint not null,               -- told by this attempt, kept or not
    lost    bigint not null,               -- lost on their way
    at      timestamptz not null
) with (fillfactor = 60);                  -- every update is a HOT update: no index holds what changes

-- Log lines, the first ones of each attempt.
create table pulse.job_log (
    job_id  uuid not null,
    n       bigint generated always as identity,
    attempt int not null,
    at      timestamptz not null,
    level   text not null check (level in ('trace', 'debug', 'info', 'warn', 'error')),
    message text not null,
    primary key (job_id, n)
);
