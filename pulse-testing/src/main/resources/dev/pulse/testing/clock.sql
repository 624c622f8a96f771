-- clock: puts a clock that stands still into a test's schema, in the place of the real one; again on each start.
-- Callers: TestSchema. Upholds: E19, every statement takes its now from there.
-- Locks: the function's row. Index: none. SCHEMA is replaced by the schema's name.
-- Also keeps what the migrations put into tables, so that clean.sql can put it there again.

create table if not exists SCHEMA.test_clock (single boolean primary key default true check (single), at timestamptz not null);
insert into SCHEMA.test_clock (at) values (statement_timestamp()) on conflict do nothing;
create or replace function SCHEMA.now() returns timestamptz language sql stable parallel safe
    as 'select at from SCHEMA.test_clock';

do $$
declare
    name text;
    filled boolean;
begin
    for name in select c.relname from pg_class c
                where c.relnamespace = 'SCHEMA'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                  and c.relname not in ('migration', 'lane') and c.relname not like 'test\_%'
                  and to_regclass('SCHEMA.test_seed_' || c.relname) is null
    loop
        execute format('select exists (select from SCHEMA.%I)', name) into filled;
        if filled then
            execute format('create table SCHEMA.%I as select * from SCHEMA.%I', 'test_seed_' || name, name);
        end if;
    end loop;
end $$;
