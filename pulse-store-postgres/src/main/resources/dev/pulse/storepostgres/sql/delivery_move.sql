-- Shortens a delivery to what is not handled, and extends its lease. Callers: PgEventStore.extend, fail.
-- Locks: the delivery (held).
-- Index: delivery_pkey.
-- A delivery that moved has done well: its tries begin anew.
update pulse.delivery
   set tries = case when (from_position, from_seq, from_place) < (:position::bigint, :seq::bigint, :place::int) then 1
                    else tries end,
       n = :n::int, from_position = :position::bigint, from_seq = :seq::bigint, from_place = :place::int,
       lease_until = case when :wait_ms::bigint is null then lease_until
                          else pulse.now() + :wait_ms::bigint * interval '1 ms' end
 where id = :id::bigint
