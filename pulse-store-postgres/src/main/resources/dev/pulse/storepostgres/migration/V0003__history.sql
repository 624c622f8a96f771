-- History that is counted once and dropped by the day: what each row of it was written by, and the sums that outlive it.

-- tx: the transaction that wrote the row, so that readers of new rows miss none that commits late. lane: names the type
-- without a look at the facts. BRIN, because rows come in the order of their transactions: next to nothing per row.
alter table pulse.attempt
    add column tx bigint not null default (pg_current_xact_id()::text::bigint),
    add column lane int;
alter table pulse.attempt_other
    add column tx bigint not null default (pg_current_xact_id()::text::bigint),
    add column lane int;
create index attempt_tx on pulse.attempt using brin (tx) with (pages_per_range = 32, autosummarize = on);
create index attempt_other_tx on pulse.attempt_other using brin (tx) with (pages_per_range = 32, autosummarize = on);

create or replace view pulse.attempt_all as
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
           error_type, error_message, error_stack, result, result_type, tx, lane
      from pulse.attempt
     union all
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
           error_type, error_message, error_stack, result, result_type, tx, lane
      from pulse.attempt_other;

-- Days that exist begin here; day_from is where inserts begin to use them, and runs ahead while a day is being dropped.
alter table pulse.control add column history_from uuid;
update pulse.control set history_from = day_from;

-- The day of an id, counted from 1970.
create function pulse.day_of(id uuid) returns int language sql immutable parallel safe as
    $$select (('x' || substr(id::text, 1, 8) || substr(id::text, 10, 4))::bit(48)::bigint / 86400000)::int$$;

-- Every history row below tx_until has been counted.
create table pulse.rollup_state (
    single   boolean primary key default true check (single),
    tx_until bigint not null
) with (fillfactor = 50);
insert into pulse.rollup_state (tx_until) values (pg_current_xact_id()::text::bigint);

-- Completed and canceled jobs, as far as they have been counted. By day, so that a dropped day takes its counts along.
create table pulse.job_count (
    day    int not null,                 -- of the job's id; -1: the job has no day of its own
    type   text not null,
    status pulse.job_status not null check (status in ('completed', 'canceled')),
    n      bigint not null,
    primary key (day, type, status)
) with (fillfactor = 50);

-- What operators' acts change about these counts, until it is folded in.
create table pulse.count_delta (
    job_id uuid not null,
    type   text not null,
    day    int not null,                 -- as in job_count
    status pulse.job_status not null,
    n      int not null
);

-- What happened in each minute, whatever became of the jobs since.
create table pulse.rollup_minute (
    minute        timestamptz primary key,
    completed     bigint not null,
    dead_lettered bigint not null,
    retried       bigint not null,
    canceled      bigint not null
) with (fillfactor = 50);
