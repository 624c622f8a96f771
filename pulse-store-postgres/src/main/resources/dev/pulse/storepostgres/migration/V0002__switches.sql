-- Pauses and limits: of everything, of queues, of types.

-- Grows with each change below. A claim names the version that it was made for, and is granted nothing under another.
alter table pulse.control add column switch_version bigint not null default 0;

create table pulse.switch (
    kind        text not null check (kind in ('dispatch', 'queue', 'type')),
    name        text not null check ((name = '') = (kind = 'dispatch')),
    paused_at   timestamptz,
    paused_by   text,
    reason      text,
    max_running int check (max_running > 0),
    rate        double precision check (rate > 0),  -- starts a second
    seeded      boolean not null default false,     -- what ran before max_running was set is in "limited"
    tokens      double precision not null default 1,
    filled_at   timestamptz not null,               -- when the tokens were that many
    primary key (kind, name),
    check ((paused_at is null) = (paused_by is null)),
    check (kind <> 'dispatch' or (max_running is null and rate is null))
) with (fillfactor = 50);

-- The running turns of lanes under max_running. A row whose turn has ended is taken away when next counted: ending a turn
-- costs nothing here.
create table pulse.limited (
    lane  int not null,
    seq   bigint not null,
    token uuid not null,
    primary key (lane, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
