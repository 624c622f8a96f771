-- clean: brings a test's schema to the state that its migrations left, but for lanes and days, which never hurt.
-- Callers: TestSchema. Upholds: nothing; nobody else uses the schema.
-- Locks: every row of the schema. Index: none. SCHEMA is replaced by the schema's name.
-- Deletes, because that takes a tenth of what a truncate takes on tables with a few rows.

do $$
declare
    name text;
    kept text;
begin
    -- The audit log refuses to lose entries, but to its retention.
    perform set_config('SCHEMA.audit_forget', 'on', true);
    for name in select c.relname from pg_class c
                where c.relnamespace = 'SCHEMA'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                  and c.relname not in ('migration', 'lane', 'control') and c.relname not like 'test\_%'
    loop
        execute format('delete from SCHEMA.%I', name);
        if to_regclass('SCHEMA.test_seed_' || name) is not null then
            execute format('insert into SCHEMA.%I select * from SCHEMA.%I', name, 'test_seed_' || name);
        end if;
    end loop;
    -- The days that were made since stay, and with them their bounds.
    select string_agg(quote_ident(attname), ', ') into kept from pg_attribute
        where attrelid = 'SCHEMA.control'::regclass and attnum > 0 and not attisdropped and attname not like 'day\_%';
    execute format('update SCHEMA.control set (%s) = (select %s from SCHEMA.test_seed_control)', kept, kept);
end $$;
