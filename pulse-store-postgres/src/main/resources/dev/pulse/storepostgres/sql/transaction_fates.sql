-- What became of transactions of callers. Caller: PgTransactions.fates, for the commit watch. Null: too long ago to say.
-- Committed means visible to every snapshot taken from now on: the transaction has left the list of running ones.
-- Locks: none. Index: none, the commit log.
-- An id not below the snapshot's end has not ended; the function itself would refuse one that was never given out.
select o.id,
       case when o.id::text::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) then 'in progress'
            else pg_xact_status(o.id::text::xid8) end as fate
  from unnest(:transactions::bigint[]) as o(id)
