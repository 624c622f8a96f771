-- Bundles: jobs that are submitted and followed together. A bundle's row is written when it is submitted, folded or
-- finished, never by the end of a member (E13): that appends one delta per bundle and batch.

create type pulse.bundle_status as enum ('open', 'completed', 'failed', 'canceled');

create table pulse.bundle (
    id            uuid primary key,
    type          text not null,
    origin        text,
    parent        uuid,                   -- the bundle that it is a member of
    content_hash  uuid not null,
    total         int not null,           -- members, jobs and bundles, as folded; so are the three counts below
    completed     int not null default 0,
    dead_lettered int not null default 0,
    canceled      int not null default 0,
    status        pulse.bundle_status not null default 'open',
    created_at    timestamptz not null,
    finished_at   timestamptz,            -- null while open
    settled_at    timestamptz,            -- the one completion of its life: finished for the first time; set once
    settled_as    pulse.bundle_status,
    check (completed >= 0 and dead_lettered >= 0 and canceled >= 0 and completed + dead_lettered + canceled <= total),
    check ((status = 'open') = (finished_at is null)),
    check ((settled_at is null) = (settled_as is null))
) with (fillfactor = 70);
create index bundle_list on pulse.bundle (created_at, id);
create index bundle_open on pulse.bundle (id) where status = 'open';
create index bundle_parent on pulse.bundle (parent) where parent is not null;

-- How one unit of work changed the counts of a bundle. Appended with the change itself, removed when it is folded.
create table pulse.bundle_delta (
    id            bigint generated always as identity primary key,
    bundle        uuid not null,
    total         int not null default 0,
    completed     int not null default 0,
    dead_lettered int not null default 0,
    canceled      int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index bundle_delta_bundle on pulse.bundle_delta (bundle);

-- What a bundle submits when something happens to it, once.
create table pulse.bundle_callback (
    bundle       uuid not null,
    event        text not null,
    job_id       uuid not null,
    type         text not null,
    queue        text not null,
    priority     int not null,
    payload      bytea not null,
    content_type text,
    headers      json,
    tags         jsonb,
    origin       text,
    max_attempts int not null,
    backoff      text,
    timeout_ms   bigint,
    run_at       timestamptz,
    delay_ms     bigint,
    submitted_at timestamptz,             -- null until then
    primary key (bundle, event)
);

alter table pulse.job add column bundle_id uuid;
alter table pulse.job_other add column bundle_id uuid;
create index job_bundle on pulse.job (bundle_id, id) where bundle_id is not null;
create index job_other_bundle on pulse.job_other (bundle_id, id) where bundle_id is not null;

-- The bundle travels with the job, so that whoever ends it need not read its facts.
alter table pulse.turn add column bundle uuid;
alter table pulse.due add column bundle uuid;
alter table pulse.dead add column bundle uuid;

create or replace view pulse.job_fact as
    select id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
           timeout_ms, content_hash, created_at, id as list_id, bundle_id
      from pulse.job
     union all
    select id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
           timeout_ms, content_hash, created_at, list_id, bundle_id
      from pulse.job_other;

create or replace view pulse.job_state as
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
       e.error_type, e.error_message, e.error_stack,
       f.bundle_id
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

-- A bundle as it stands: what is folded and what is not yet. It is open again the moment that a member is.
create view pulse.bundle_state as
select b.id, b.type, b.origin, b.parent,
       case when b.total + d.total > b.completed + d.completed + b.dead_lettered + d.dead_lettered + b.canceled + d.canceled
            then 'open'::pulse.bundle_status else b.status end as status,
       b.total + d.total as total, b.completed + d.completed as completed,
       b.dead_lettered + d.dead_lettered as dead_lettered, b.canceled + d.canceled as canceled,
       b.created_at,
       case when b.total + d.total > b.completed + d.completed + b.dead_lettered + d.dead_lettered + b.canceled + d.canceled
            then null else b.finished_at end as finished_at,
       b.settled_at, b.settled_as
  from pulse.bundle b
 cross join lateral (
        select coalesce(sum(total), 0)::int as total, coalesce(sum(completed), 0)::int as completed,
               coalesce(sum(dead_lettered), 0)::int as dead_lettered, coalesce(sum(canceled), 0)::int as canceled
          from pulse.bundle_delta where bundle = b.id) d;

-- For retention: whether the members of this bundle have to stay, however old they are. False for null, the job of no bundle.
create function pulse.bundle_holds(bundle uuid) returns boolean language sql stable
    as 'select exists (select from pulse.bundle_state s where s.id = $1 and s.status = ''open'')';
