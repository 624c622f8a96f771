-- Removes the oldest entries of the audit log that have outlived their retention. Caller: PgAuditStore.forget, for the leader of
-- this term. Says for this transaction that it is the retention: anything else that removes or changes one is refused.
-- Locks: the rows deleted. Index: audit_pkey.
-- Looks at :limit entries, whatever their age.
with allowed as materialized (
    select set_config('pulse.audit_forget', 'on', true)
      from pulse.control
     where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now()
)
delete from pulse.audit
 where id in (select o.id from (select id, at from pulse.audit order by id limit :limit) o cross join allowed
               where o.at < pulse.now() - :keep_ms::bigint * interval '1 ms')
