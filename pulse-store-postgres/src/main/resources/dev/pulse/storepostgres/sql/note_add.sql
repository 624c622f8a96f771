-- Keeps what attempts told of themselves. Caller: PgNoteStore.add. Upholds I3: under a token that runs, or ran.
-- A report may overtake the last lines of its attempt, hence the look into the history. Turns are read, never locked.
-- Locks: job_progress rows, in id order. Index: turn_key, attempt_pkey, attempt_other_pkey, job_progress_pkey.
-- Of two tokens of one job the later attempt counts, and what it told before is not overwritten by an earlier one.
with told as (
    select * from unnest(:job_ids::uuid[], :lanes::int[], :seqs::bigint[], :tokens::uuid[], :percents::int[],
                         :texts::text[], :counts::int[], :losses::bigint[])
           as o(job_id, lane, seq, token, percent, note, lines, lost)
), held as materialized (
    select distinct on (o.job_id) o.job_id, o.token, o.percent, o.note, o.lines, o.lost,
           coalesce(t.attempt, a.attempt) as attempt
      from told o
      left join lateral (select turn.attempt from pulse.turn
                          where turn.lane = o.lane and turn.seq = o.seq and turn.status = 'running'
                            and turn.token = o.token and turn.job_id = o.job_id) t on true
      left join lateral (select past.attempt from pulse.attempt_all past
                          where t.attempt is null and past.job_id = o.job_id and past.token = o.token
                          limit 1) a on true
     where coalesce(t.attempt, a.attempt) is not null
     order by o.job_id, coalesce(t.attempt, a.attempt) desc
), noted as (
    insert into pulse.job_progress as p (job_id, attempt, percent, note, lines, lost, at)
    select job_id, attempt, percent, note, lines, lost, pulse.now() from held order by job_id
        on conflict (job_id) do update
       set attempt = excluded.attempt,
           percent = case when p.attempt = excluded.attempt then coalesce(excluded.percent, p.percent)
                          else excluded.percent end,
           note = case when p.attempt = excluded.attempt and excluded.percent is null then p.note
                       else excluded.note end,
           lines = excluded.lines + case when p.attempt = excluded.attempt then p.lines else 0 end,
           lost = excluded.lost + case when p.attempt = excluded.attempt then p.lost else 0 end,
           at = excluded.at
     where p.attempt <= excluded.attempt
    returning p.job_id, p.attempt, p.lines
)
insert into pulse.job_log (job_id, attempt, at, level, message)
select n.job_id, n.attempt, pulse.now() - l.age_ms * interval '1 millisecond', l.level, l.message
  from unnest(:line_tokens::uuid[], :ordinals::int[], :ages::bigint[], :levels::text[], :messages::text[])
       as l(token, ordinal, age_ms, level, message)
  join held h on h.token = l.token
  join noted n on n.job_id = h.job_id
 where n.lines - h.lines + l.ordinal <= :max_lines
 order by n.job_id, l.ordinal
