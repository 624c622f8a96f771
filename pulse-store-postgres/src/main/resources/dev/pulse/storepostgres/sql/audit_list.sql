-- One page of the audit log, newest first. Caller: PgAuditStore.list.
-- The cursor is the last row's id: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: audit_pkey, audit_actor, audit_action or audit_target, backwards.
-- An entry is seen once its act has committed.
select id, at, actor, action, target, address, before, after, outcome
  from pulse.audit
 where id < :before
   and (:actor::text is null or actor = :actor)
   and (:action::text is null or action = :action)
   and (:target::text is null or target = :target)
   and (:until::timestamptz is null or at < :until::timestamptz)
   and (:since::timestamptz is null or at >= :since::timestamptz)
 order by id desc
 limit :limit
