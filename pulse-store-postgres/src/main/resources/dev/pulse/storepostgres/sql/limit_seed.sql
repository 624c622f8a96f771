-- Writes down what ran before a max_running was set. Caller: LimitedClaims, once per limit, holding it.
-- A pass over the turns of its lanes; plain claims that were under way when the limit was set are found, if they are over.
-- Locks: new rows, the switches (held). Index: turn_key, limited_pkey.
-- A turn that was claimed anew since it was written down has another token.
with seeded as (
    insert into pulse.limited (lane, seq, token)
    select t.lane, t.seq, t.token
      from pulse.turn t join pulse.lane n on n.number = t.lane
     where t.status = 'running'
       and (n.queue in (select o.name from unnest(:kinds::text[], :names::text[]) as o(kind, name) where o.kind = 'queue')
         or n.type in (select o.name from unnest(:kinds::text[], :names::text[]) as o(kind, name) where o.kind = 'type'))
     order by t.lane, t.seq
        on conflict (lane, seq) do update set token = excluded.token
)
update pulse.switch s set seeded = true
  from unnest(:kinds::text[], :names::text[]) as o(kind, name)
 where s.kind = o.kind and s.name = o.name
