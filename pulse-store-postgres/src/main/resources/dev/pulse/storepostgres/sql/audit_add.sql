-- Writes down what an operator did. Caller: AuditLog, in the transaction of the act.
-- Append-only: no statement changes an entry, and only audit_forget removes some.
-- Locks: a new row. Index: none.
-- Upholds nothing of the engine: for people.
insert into pulse.audit (at, actor, action, target, address, before, after, outcome)
values (pulse.now(), :actor, :action, :target, :address, :before::json, :after::json, :outcome)
