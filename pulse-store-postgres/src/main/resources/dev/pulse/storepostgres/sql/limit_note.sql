-- Writes down what was claimed under limits: the tokens that are left, and the turns that run. Caller: LimitedClaims.
-- In the claim's transaction: a claim that is rolled back has used nothing.
-- Locks: the switches (held), new rows. Index: switch_pkey, limited_pkey.
-- A turn that was handed back and is claimed again has a new token.
with bucket as (
    update pulse.switch s set tokens = o.tokens, filled_at = pulse.now()
      from unnest(:kinds::text[], :names::text[], :tokens::double precision[]) as o(kind, name, tokens)
     where s.kind = o.kind and s.name = o.name
)
insert into pulse.limited (lane, seq, token)
select o.lane, o.seq, o.secret
  from unnest(:lanes::int[], :seqs::bigint[], :secrets::uuid[]) as o(lane, seq, secret)
 order by o.lane, o.seq
    on conflict (lane, seq) do update set token = excluded.token
