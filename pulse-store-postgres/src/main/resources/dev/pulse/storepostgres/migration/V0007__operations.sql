-- Acts of operators: what they did, and what they do to many jobs at once. Off the hot path.

-- Append-only. The id grows with the entry; before and after are flat objects of texts.
create table pulse.audit (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    actor   text not null,
    action  text not null,
    target  text not null,
    address text not null,
    before  json,
    after   json,
    outcome text not null
);
create index audit_actor on pulse.audit (actor, id);
create index audit_action on pulse.audit (action, id);

-- One act on all jobs that match: where it stands, moved by the transaction that acts.
create table pulse.operation (
    id          uuid primary key,
    action      text not null,
    filter      json,
    rate        int check (rate > 0),
    actor       text not null,
    address     text,
    state       text not null default 'running' check (state in ('running', 'done', 'stopped')),
    place       text not null default '',  -- behind the last job looked at; empty at the beginning
    bound       text not null,             -- the last place that is looked at
    matched     bigint not null default 0,
    changed     bigint not null default 0,
    skipped     json,
    started_at  timestamptz not null,
    next_at     timestamptz not null,      -- of the next chunk
    finished_at timestamptz,
    check ((state = 'running') = (finished_at is null))
);
create index operation_next on pulse.operation (next_at, id) where state = 'running';
