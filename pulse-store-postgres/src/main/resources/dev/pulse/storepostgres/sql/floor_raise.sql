-- Pushes every lease forward after an outage, where no replica was seen for the given silence; null: in any case.
-- Caller: PgServerStore.raiseLeaseFloor, raiseLeaseFloorAfter. Upholds E5.
-- Locks: the control row. Index: none.
-- A session counts as heard from at the floor, and so has its whole lease from there.
update pulse.control
   set lease_floor = pulse.now()
 where :silence_ms::bigint is null
    or not exists (select from pulse.server where last_seen > pulse.now() - :silence_ms::bigint * interval '1 ms')
