-- The audit log as evidence: nothing changes an entry, and only its retention removes one. Off the hot path.

create index audit_target on pulse.audit (target, id);

-- The statement of the retention says for its own transaction that it is the one.
create function pulse.audit_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('pulse.audit_forget', true) = 'on' then
        return old;
    end if;
    raise exception 'the audit log is append-only: % is refused', lower(tg_op) using errcode = 'insufficient_privilege';
end $$;

create trigger audit_kept before update or delete on pulse.audit for each row execute function pulse.audit_is_kept();
create trigger audit_not_emptied before truncate on pulse.audit for each statement execute function pulse.audit_is_kept();
