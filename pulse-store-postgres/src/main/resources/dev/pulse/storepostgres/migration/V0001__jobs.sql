-- The layout of engine.md section 2: facts once, a turn that moves, history that only grows.

create type pulse.job_status as enum
    ('scheduled', 'pending', 'running', 'retrying', 'completed', 'dead_lettered', 'canceled');

create type pulse.outcome as enum
    ('ack', 'drop', 'retry', 'fail', 'timeout', 'dead_letter', 'snooze', 'release', 'canceled', 'lapse');

-- The one place from which every statement takes its now, so that tests can move it. Inlined by the planner.
create function pulse.now() returns timestamptz language sql stable parallel safe as 'select statement_timestamp()';

-- One row for what all replicas share.
create table pulse.control (
    single       boolean primary key default true check (single),
    day_from     uuid not null,      -- job ids from here ...
    day_until    uuid not null,      -- ... to below here have a day of their own
    lease_floor  timestamptz not null default '-infinity',
    leader       uuid,
    leader_term  bigint not null default 0,
    leader_until timestamptz
);

-- Registry of lines: written once when a combination is first seen.
create table pulse.lane (
    number   int generated always as identity primary key,
    queue    text not null,
    type     text not null,
    priority int not null,
    suspect  boolean not null default false,
    unique (queue, type, priority, suspect)
);

-- One sequence for all lanes, so that "best priority, then oldest" compares across types.
create sequence pulse.turn_seq;

-- The facts of a submission, written once. seq is 0 for a job that began as scheduled.
create table pulse.job (
    id           uuid not null,
    lane         int not null,
    seq          bigint not null,
    type         text not null,
    queue        text not null,
    priority     int not null,
    payload      bytea not null,
    content_type text,               -- null: application/json
    headers      json,
    tags         jsonb,
    origin       text,
    key          text,
    max_attempts int not null,
    backoff      text,               -- null: the default
    timeout_ms   bigint check (timeout_ms > 0),
    content_hash uuid not null,
    created_at   timestamptz not null,
    primary key (id)
) partition by range (id);

-- Jobs whose id belongs to no day: a caller's own id, a clock gone wrong, a straggler of a dropped day.
create table pulse.job_other (
    like pulse.job including all,
    list_id uuid not null            -- created_at as an id, so that lists merge both tables by one key
);
create index job_other_list on pulse.job_other (list_id);

-- One narrow row per job that is pending or running. Status, session and token stand in no index: a claim is a HOT update.
create table pulse.turn (
    lane      int not null,
    seq       bigint not null,
    job_id    uuid not null,
    status    pulse.job_status not null default 'pending' check (status in ('pending', 'running')),
    attempt   int not null default 0,     -- of the last claim; only grows (I4)
    charged   int not null default 0,     -- attempts charged since submission or the last requeue
    crashes   smallint not null default 0,-- lapses in a row
    history   int not null default 0,     -- rows that stand in attempt
    session   uuid,
    token     uuid,
    since     timestamptz not null,       -- ready, or claimed
    reseated  boolean not null default false, -- stands elsewhere than job.lane, job.seq say
    check ((status = 'running') = (session is not null)),
    check ((status = 'running') = (token is not null))
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
create unique index turn_key on pulse.turn (lane, seq);
create index turn_reseated on pulse.turn (job_id) where reseated;

-- Jobs that wait for a moment.
create table pulse.due (
    job_id  uuid primary key,
    lane    int not null,
    status  pulse.job_status not null check (status in ('scheduled', 'retrying')),
    run_at  timestamptz not null,
    attempt int not null default 0,
    charged int not null default 0,
    crashes smallint not null default 0,
    history int not null default 0
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index due_run_at on pulse.due (run_at, job_id);

-- Jobs that wait for a person.
create table pulse.dead (
    job_id      uuid primary key,
    lane        int not null,
    attempt     int not null,
    charged     int not null,
    crashes     smallint not null,
    history     int not null,
    fingerprint uuid not null,            -- equal for failures that look alike
    died_at     timestamptz not null
);
create index dead_fingerprint on pulse.dead (fingerprint, died_at);

-- History: one row per ended attempt, and one per cancel of a waiting job. Never changed.
create table pulse.attempt (
    job_id        uuid not null,
    no            int not null,           -- grows per row
    attempt       int not null,
    token         uuid,
    session       uuid,
    worker        text,
    outcome       pulse.outcome not null,
    ended_as      pulse.job_status not null, -- the status that the job went to
    started_at    timestamptz,
    ended_at      timestamptz not null,
    error_type    text,
    error_message text,
    error_stack   text,
    result        bytea,
    result_type   text,                   -- null: application/json
    primary key (job_id, no)
) partition by range (job_id);
create index attempt_canceled on pulse.attempt (job_id) where ended_as = 'canceled';

create table pulse.attempt_other (like pulse.attempt including all);

-- Idempotency keys. Freed lazily: whoever meets an ended holder takes the row over.
create table pulse.job_key (
    type         text not null,
    key          text not null,
    job_id       uuid not null,
    content_hash uuid not null,
    expires_at   timestamptz,             -- null: while the job is unfinished
    primary key (type, key)
);

-- One start of one worker process. A heartbeat writes one row here and nothing else.
create table pulse.session (
    id           uuid primary key,
    worker       text not null,
    types        text[] not null,
    queues       text[] not null,
    slots        int not null,
    lease_ttl    interval not null,
    started_at   timestamptz not null,
    heartbeat_at timestamptz not null,
    ended_at     timestamptz,
    swept_at     timestamptz              -- its turns have been looked after
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Cancels of running jobs, read by heartbeats, removed by the statement that ends the attempt.
create table pulse.cancel_request (
    job_id  uuid not null,
    token   uuid not null,
    session uuid not null,
    lane    int not null,
    seq     bigint not null,
    actor   text not null,
    at      timestamptz not null,
    primary key (job_id, token)
);

-- The replicas.
create table pulse.server (
    id         uuid primary key,
    name       text not null,
    version    text not null,
    started_at timestamptz not null,
    last_seen  timestamptz not null
) with (fillfactor = 50);

-- All facts, wherever they lie.
create view pulse.job_fact as
    select id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
           timeout_ms, content_hash, created_at, id as list_id
      from pulse.job
     union all
    select id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
           timeout_ms, content_hash, created_at, list_id
      from pulse.job_other;

create view pulse.attempt_all as
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
           error_type, error_message, error_stack, result, result_type
      from pulse.attempt
     union all
    select job_id, no, attempt, token, session, worker, outcome, ended_as, started_at, ended_at,
           error_type, error_message, error_stack, result, result_type
      from pulse.attempt_other;

-- A job as it stands. Status: of its turn, else of the table that it waits in, else of its last history row.
create view pulse.job_state as
select f.id, f.type, f.queue, f.priority, f.payload, f.content_type, f.headers, f.tags, f.origin, f.key, f.max_attempts,
       f.backoff, f.timeout_ms, f.created_at, f.list_id,
       coalesce(t.status, d.status, h.ended_as) as status,
       coalesce(t.attempt, d.attempt, h.attempt, 0) as attempt,
       d.run_at,
       case when t.status = 'running' then t.since else b.started_at end as started_at,
       case when t.status is null and d.status is null then h.ended_at end as finished_at,
       t.session, t.since,
       case when t.status is null and d.status is null then h.result end as result,
       case when t.status is null and d.status is null then h.result_type end as result_type,
       e.error_type, e.error_message, e.error_stack
  from pulse.job_fact f
  left join lateral (
        select status, attempt, since, session from pulse.turn where lane = f.lane and seq = f.seq and job_id = f.id
         union all
        select status, attempt, since, session from pulse.turn where reseated and job_id = f.id
         limit 1) t on true
  left join lateral (select status, attempt, run_at from pulse.due where job_id = f.id limit 1) d on true
  left join lateral (
        select attempt, ended_as, ended_at, result, result_type
          from pulse.attempt_all where job_id = f.id order by no desc limit 1) h on true
  left join lateral (
        select started_at
          from pulse.attempt_all where job_id = f.id and started_at is not null order by no desc limit 1) b on true
  left join lateral (
        select error_type, error_message, error_stack
          from pulse.attempt_all where job_id = f.id and error_type is not null and session is not null order by no desc limit 1) e on true;
