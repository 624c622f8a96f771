-- Registers or renews a replica. Caller: PgServerStore.beat. A real write: readiness stands on it.
-- Locks: the replica's row.
-- Index: server_pkey. A HOT update.
-- One row per replica.
insert into pulse.server as s (id, name, version, started_at, last_seen)
values (:id::uuid, :name::text, :version::text, pulse.now(), pulse.now())
    on conflict (id) do update set last_seen = excluded.last_seen
