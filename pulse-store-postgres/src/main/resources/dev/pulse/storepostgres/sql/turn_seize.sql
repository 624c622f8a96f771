-- Locks the turns that swept sessions hold, but for those that somebody is just ending. Caller: PgSessionStore.sweep.
-- Such a one may stay locked as long as a caller's own transaction: the sweep must not wait, and looks again later.
-- Locks: turns for update skip locked. Index: turn_key, after one pass over the turns.
-- Runs in the statement after session_lapse, whose locks let every claim for these sessions be seen.
with held as materialized (
    select job_id, lane, seq, session, token
      from pulse.turn where status = 'running' and session = any(:sessions::uuid[])
     order by lane, seq
)
select h.job_id, h.lane, h.seq, h.session, h.token, s.spot is not null as seized
  from held h
  left join lateral (select ctid as spot from pulse.turn
                      where lane = h.lane and seq = h.seq and status = 'running' and token = h.token
                        for update skip locked) s on true
