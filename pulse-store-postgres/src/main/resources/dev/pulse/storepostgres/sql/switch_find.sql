-- One scope's setting, held for a change. Caller: PgSwitchStore, after switch_version.
-- Zero rows: nothing is set.
-- Locks: the row, after the control row: waits for a claim under this limit. Index: switch_pkey.
-- Changes go one after the other by the control row; a claim may still take tokens meanwhile.
select s.kind, s.name, s.paused_at, s.paused_by, s.reason, s.max_running, s.rate, s.tokens
  from pulse.switch s
 where s.kind = :kind::text and s.name = :name::text
   for update
