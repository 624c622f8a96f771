-- The feed of events and the durable subscriptions to it. A row of the feed is written by the statement that it tells of: one
-- row a statement, however many jobs that touched.

create type pulse.event_kind as enum
    ('submitted', 'completed', 'retrying', 'dead_lettered', 'canceled', 'snoozed', 'released', 'requeued', 'deleted',
     'bundle_completed');

alter table pulse.control
    add column feed_shift            bigint not null default 0,  -- a restored cluster counts its transactions from the start
    add column feed_dropped_position bigint not null default -1, -- the last row that was dropped
    add column feed_dropped_seq      bigint not null default -1;

create sequence pulse.event_seq;

-- Eight days, used in turn: dropping one is emptying its table, and needs no new one.
create function pulse.event_slot() returns int language sql stable parallel safe
    as 'select (extract(epoch from pulse.now())::bigint / 86400 % 8)::int';

-- Where the current transaction stands in the feed.
create function pulse.feed_position() returns bigint language sql volatile
    as 'select pg_current_xact_id()::text::bigint + (select feed_shift from pulse.control)';

-- The feed, in the order of (position, seq): the transaction, then the row. Never changed.
create table pulse.event (
    slot        int not null default pulse.event_slot(),
    position    bigint not null default pulse.feed_position(),
    seq         bigint not null default nextval('pulse.event_seq'),
    at          timestamptz not null default pulse.now(),
    n           int not null check (n > 0),
    kinds       pulse.event_kind[] not null,
    subjects    uuid[] not null,         -- jobs, or one bundle
    lanes       int[] not null,          -- type and queue of the jobs; 0 for a bundle
    attempts    int[] not null,
    bundle_type text                     -- of the bundle, where there is one
) partition by list (slot);
alter table pulse.event alter column subjects set storage external; -- ids do not compress
create table pulse.event_0 partition of pulse.event for values in (0);
create table pulse.event_1 partition of pulse.event for values in (1);
create table pulse.event_2 partition of pulse.event for values in (2);
create table pulse.event_3 partition of pulse.event for values in (3);
create table pulse.event_4 partition of pulse.event for values in (4);
create table pulse.event_5 partition of pulse.event for values in (5);
create table pulse.event_6 partition of pulse.event for values in (6);
create table pulse.event_7 partition of pulse.event for values in (7);
create index event_place on pulse.event (position, seq);

-- One durable subscription: what it wants, and the first place that was not handed out. Empty arrays let all through.
create table pulse.subscription (
    name         text primary key,
    kinds        text[] not null,
    types        text[] not null,
    queues       text[] not null,
    created_at   timestamptz not null,
    position     bigint not null,
    seq          bigint not null,
    place        int not null,
    gaps         int not null default 0,
    last_gap_at  timestamptz,
    gap_position bigint not null default -1,      -- the drop that was counted last
    gap_seq      bigint not null default -1,
    gap_pending  boolean not null default false   -- the next delivery tells it
) with (fillfactor = 50);

-- A stretch of the feed that is handed out, or waits to be handed out again. Settling removes it.
create table pulse.delivery (
    id             bigint generated always as identity primary key,
    subscription   text not null,
    token          uuid,
    consumer       text,
    n              int not null,                  -- events that the subscription wants
    tries          int not null default 0,
    gap            boolean not null default false,
    from_position  bigint not null,
    from_seq       bigint not null,
    from_place     int not null,
    until_position bigint not null,
    until_seq      bigint not null,
    until_place    int not null,
    lease_until    timestamptz,                   -- null: waits
    ready_at       timestamptz,
    error          text,
    check ((token is null) = (lease_until is null)),
    check ((ready_at is null) = (lease_until is not null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index delivery_of on pulse.delivery (subscription, id);

-- Events that a subscription gave up; they wait for a person.
create table pulse.parked_event (
    subscription text not null,
    position     bigint not null,
    seq          bigint not null,
    place        int not null,
    at           timestamptz not null,
    kind         pulse.event_kind not null,
    subject      uuid not null,
    type         text not null,
    queue        text,
    attempt      int not null,
    deliveries   int not null,
    error        text not null,
    parked_at    timestamptz not null,
    primary key (subscription, position, seq, place)
);
