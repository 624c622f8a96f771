-- All switches and limits with their version. Caller: PgSwitchStore.read, each second on every replica.
-- One statement, so that the version is that of the rows.
-- Locks: none. Index: none, the table is small (bounded by Switches.MOST).
-- One row without a kind where nothing is set.
select c.switch_version, s.kind, s.name, s.paused_at, s.paused_by, s.reason, s.max_running, s.rate
  from pulse.control c left join pulse.switch s on true
 order by case s.kind when 'dispatch' then 0 when 'queue' then 1 else 2 end, s.name collate "C"
