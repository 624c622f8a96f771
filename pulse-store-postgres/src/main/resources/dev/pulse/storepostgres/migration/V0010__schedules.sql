-- Schedules: rules that make jobs. A schedule's row is small and updated by each of its fires; what it fired is appended.

create type pulse.schedule_status as enum ('active', 'paused', 'parked', 'ended');

create table pulse.schedule (
    id            uuid primary key,
    name          text unique,
    version       bigint not null default 1,
    -- what each occurrence submits
    type          text not null,
    queue         text not null,
    priority      int not null,
    payload       bytea not null,
    content_type  text,
    headers       json,
    tags          jsonb,
    origin        text,
    max_attempts  int not null,
    backoff       text,
    timeout_ms    bigint,
    -- when
    once_at       timestamptz,
    after_ms      bigint,
    every_ms      bigint,
    fixed_delay   boolean not null default false,
    cron          text,
    zone          text not null,
    start_at      timestamptz,
    end_at        timestamptz,
    jitter_ms     bigint not null default 0,
    excluded      date[],
    misfire       text not null check (misfire in ('fire_once', 'skip', 'fire_all')),
    misfire_limit int not null,
    misfire_rate  double precision,
    overlap       text not null check (overlap in ('allow', 'skip', 'queue_one')),
    -- where it stands
    status        pulse.schedule_status not null,
    paused_by     text,
    paused_at     timestamptz,
    reason        text,                    -- of the pause
    fault         text,                    -- why it is parked
    anchor        timestamptz not null,    -- what after_ms and every_ms count from
    cursor_at     timestamptz not null,    -- every occurrence up to here is decided
    next_at       timestamptz,             -- the first that is not
    waiting       boolean not null default false,
    look_at       timestamptz,             -- when somebody has to look; null: never
    last_job      uuid,                    -- of the last fire by the rule
    fired         bigint not null default 0,
    coalesced     bigint not null default 0,
    skipped       bigint not null default 0,
    overlapped    bigint not null default 0,
    declared_by   text,
    missing_since timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    check (num_nonnulls(once_at, after_ms, every_ms, cron) = 1),
    check ((status = 'active') = (next_at is not null)),
    check ((status = 'active') = (look_at is not null)),
    check ((status = 'paused') = (paused_by is not null)),
    check ((status = 'parked') = (fault is not null)),
    check (fired >= 0 and coalesced >= 0 and skipped >= 0 and overlapped >= 0)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index schedule_look on pulse.schedule (look_at, id) where look_at is not null;
create index schedule_list on pulse.schedule (created_at, id);
create index schedule_declared on pulse.schedule (declared_by) where declared_by is not null;

-- What was fired. The key is the promise: whoever plans, and however often, an occurrence makes one job (I6).
create table pulse.occurrence (
    schedule  uuid not null,
    at        timestamptz not null,        -- the planned instant
    job_id    uuid not null,
    fired_at  timestamptz not null,
    coalesced bigint not null default 0,   -- missed ones that this job makes up for
    manual    boolean not null default false,
    primary key (schedule, at)
);
create index occurrence_job on pulse.occurrence (schedule, job_id);
create index occurrence_age on pulse.occurrence using brin (fired_at);

-- The version of the time zone data that the next instants were computed with.
alter table pulse.control add column zones text;
