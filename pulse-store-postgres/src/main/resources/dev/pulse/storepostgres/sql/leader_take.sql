-- Takes or keeps leadership. Caller: PgServerStore.lead. A new term begins with each change, and after each gap (E16).
-- Locks: the control row.
-- Index: control_pkey.
-- Zero rows: another replica leads.
update pulse.control
   set leader_term = leader_term + case when leader = :server::uuid and leader_until > pulse.now() then 0 else 1 end,
       leader = :server::uuid,
       leader_until = pulse.now() + :ttl_ms::bigint * interval '1 ms'
 where leader is null or leader = :server::uuid or leader_until <= pulse.now()
returning leader_term
