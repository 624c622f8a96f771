-- Writes one scope's setting. Caller: PgSwitchStore, after switch_version and switch_find.
-- A max_running that is new has to be seeded with what runs already; one that is only changed has not.
-- Locks: the row (held, or new). Index: switch_pkey.
-- Zero rows: so many scopes are set that another would not be read every second any more.
insert into pulse.switch as s (kind, name, paused_at, paused_by, reason, max_running, rate, tokens, filled_at)
select :kind::text, :name::text, case when :by::text is not null then coalesce(:since::timestamptz, pulse.now()) end, :by::text,
       :reason::text, :max_running::int, :rate::double precision, :tokens::double precision, pulse.now()
 where (select count(*) from pulse.switch o where (o.kind, o.name) <> (:kind::text, :name::text)) < :most::bigint
    on conflict (kind, name) do update
   set paused_at = excluded.paused_at, paused_by = excluded.paused_by, reason = excluded.reason,
       max_running = excluded.max_running,
       rate = excluded.rate,
       tokens = case when s.rate is distinct from excluded.rate then excluded.tokens else s.tokens end,
       filled_at = case when s.rate is distinct from excluded.rate then excluded.filled_at else s.filled_at end,
       seeded = s.seeded and s.max_running is not null and excluded.max_running is not null
returning s.kind, s.name, s.paused_at, s.paused_by, s.reason, s.max_running, s.rate
