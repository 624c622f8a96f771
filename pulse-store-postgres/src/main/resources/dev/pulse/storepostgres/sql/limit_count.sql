-- Counts what runs under limits, and takes away what has ended. Caller: LimitedClaims, holding the limits.
-- Only claims under these limits add rows, and each holds them: the count cannot be outrun.
-- Locks: ended rows skip locked (whoever counts another limit of the lane may take them too). Index: limited_pkey, turn_key.
-- A scalar probe a row, so that no planner joins whole tables.
with seen as materialized (
    select n.queue, n.type, l.ctid as place,
           l.token is not distinct from (select t.token from pulse.turn t where t.lane = l.lane and t.seq = l.seq) as runs
      from pulse.lane n
     cross join lateral (select ctid, lane, seq, token from pulse.limited where lane = n.number) l
     where n.queue = any(:queues::text[]) or n.type = any(:types::text[])
), ended as (
    delete from pulse.limited where ctid = any(array(
        select l.ctid from pulse.limited l join seen on seen.place = l.ctid where not seen.runs for update of l skip locked))
)
select 'queue' as kind, queue as name, count(*) as running from seen where runs and queue = any(:queues::text[]) group by 2
 union all
select 'type', type, count(*) from seen where runs and type = any(:types::text[]) group by 2
