-- Who may reach what: sessions know who opened them, bundles where their jobs are. Off the hot path.

-- The credential that opened the session; empty where nobody signed in, and for sessions of earlier versions.
alter table pulse.session add column owner text not null default '';

-- Where the jobs of the bundle are, those of the bundles in it and its callbacks included; null for bundles of earlier
-- versions, which only callers see who are not narrowed to some queues.
alter table pulse.bundle add column queues text[];

create or replace view pulse.bundle_state as
select b.id, b.type, b.origin, b.parent,
       case when b.total + d.total > b.completed + d.completed + b.dead_lettered + d.dead_lettered + b.canceled + d.canceled
            then 'open'::pulse.bundle_status else b.status end as status,
       b.total + d.total as total, b.completed + d.completed as completed,
       b.dead_lettered + d.dead_lettered as dead_lettered, b.canceled + d.canceled as canceled,
       b.created_at,
       case when b.total + d.total > b.completed + d.completed + b.dead_lettered + d.dead_lettered + b.canceled + d.canceled
            then null else b.finished_at end as finished_at,
       b.settled_at, b.settled_as, b.queues
  from pulse.bundle b
 cross join lateral (
        select coalesce(sum(total), 0)::int as total, coalesce(sum(completed), 0)::int as completed,
               coalesce(sum(dead_lettered), 0)::int as dead_lettered, coalesce(sum(canceled), 0)::int as canceled
          from pulse.bundle_delta where bundle = b.id) d;
