-- Removes a replica that stops in good order, and its leadership. Caller: PgServerStore.leave.
-- The next replica to ask becomes leader at once.
-- Locks: the control row, the replica's row. Index: server_pkey.
-- The term stays: it only grows.
with resigned as (
    update pulse.control set leader = null, leader_until = null where leader = :id::uuid
)
delete from pulse.server where id = :id::uuid
