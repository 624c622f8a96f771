-- The transaction that this connection writes in, null where it has written nothing. Caller: PgTransactions.end.
-- Asked only where an attempt had ended before: by this very transaction, or by one that committed.
-- Locks: none. Index: none.
-- Draws no number where there is none.
select pg_current_xact_id_if_assigned()::text::bigint as transaction
