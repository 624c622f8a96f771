-- Takes limits for one claim. Caller: LimitedClaims, first in the claim's transaction: counts are read after it.
-- Replicas of the same limit go one after the other, so that it holds exactly; none waits: what is taken is left out.
-- Locks: the switches skip locked, by key. Index: switch_pkey.
-- A server that stops in the middle keeps a limit from nobody for longer than the timeout.
select s.kind, s.name, s.max_running, s.rate, s.seeded, s.tokens,
       greatest(0, extract(epoch from pulse.now() - s.filled_at) * 1000)::bigint as elapsed_ms,
       set_config('idle_in_transaction_session_timeout', '5s', true) as bound
  from pulse.switch s
 where (s.kind, s.name) in (select o.kind, o.name from unnest(:kinds::text[], :names::text[]) as o(kind, name))
   and (s.max_running is not null or s.rate is not null)
 order by s.kind, s.name
   for update of s skip locked
