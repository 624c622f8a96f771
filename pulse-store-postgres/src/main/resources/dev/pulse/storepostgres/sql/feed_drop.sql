-- Notes the last row that is being dropped. Caller: Feed.prune, for the leader of this term (E16), before it empties the slot.
-- Locks: the control row.
-- Index: control_pkey.
-- Zero rows: another replica leads.
update pulse.control
   set feed_dropped_position = case when (feed_dropped_position, feed_dropped_seq) < (:position::bigint, :seq::bigint)
                                    then :position::bigint else feed_dropped_position end,
       feed_dropped_seq = case when (feed_dropped_position, feed_dropped_seq) < (:position::bigint, :seq::bigint)
                               then :seq::bigint else feed_dropped_seq end
 where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now()
