-- Test schemas only: a clock that tests move, and a watchman who knows every legal move.

create table pulse.test_clock (shift interval not null default '0');
insert into pulse.test_clock default values;
create or replace function pulse.now() returns timestamptz language sql stable
    as 'select statement_timestamp() + (select shift from pulse.test_clock)';

-- Filled from model/Transition by the fixture.
create table pulse.test_transition (was text not null, becomes text not null, primary key (was, becomes));
create table pulse.test_shadow (job_id uuid primary key, status text not null);

-- At commit, each touched job's status in the view is compared with the one it had: the second half of a paired assertion.
create function pulse.test_watch() returns trigger language plpgsql as $$
<<test_watch>>
declare
    id_seen uuid := case when tg_op = 'DELETE' then old.job_id else new.job_id end;
    was text;
    becomes text;
begin
    select status into was from pulse.test_shadow where job_id = id_seen for update;
    select status::text into becomes from pulse.job_state where id = id_seen;
    if becomes is null then
        delete from pulse.test_shadow where job_id = id_seen;
    elsif was is null then
        if not exists (select from pulse.test_transition where test_transition.was = '' and test_transition.becomes = test_watch.becomes) then
            raise exception 'job % begins as %', id_seen, becomes;
        end if;
        insert into pulse.test_shadow values (id_seen, becomes) on conflict (job_id) do update set status = excluded.status;
    elsif was <> becomes then
        if not exists (select from pulse.test_transition t where t.was = test_watch.was and t.becomes = test_watch.becomes) then
            raise exception 'job % moves from % to %: not in the transition table', id_seen, was, becomes;
        end if;
        update pulse.test_shadow set status = becomes where job_id = id_seen;
    end if;
    return null;
end $$;

create constraint trigger test_watch after insert or update or delete on pulse.turn
    deferrable initially deferred for each row execute function pulse.test_watch();
create constraint trigger test_watch after insert or update or delete on pulse.due
    deferrable initially deferred for each row execute function pulse.test_watch();
