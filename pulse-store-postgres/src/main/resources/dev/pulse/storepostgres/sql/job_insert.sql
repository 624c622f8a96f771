-- Stores submissions: facts, and a turn or a due row, in one statement. Caller: PgJobStore.insert. Upholds I1, I7, I11.
-- A row whose id is known is left out of the answer; the caller looks what it is. seq is drawn in the order of the batch.
-- Locks: new rows only, facts in id order (one order for all batches). Index: job_pkey, turn_key, due_pkey.
-- Bounds: day_from and day_until of control choose between the day tables and job_other.
with offered as materialized (
    select o.place, o.id, o.lane, o.payload, o.content_type, o.headers, o.tags, o.origin, o.key, o.max_attempts, o.backoff,
           o.timeout_ms, o.content_hash,
           case when o.run_at > pulse.now() then o.run_at
                when o.delay_ms > 0 then pulse.now() + o.delay_ms * interval '1 ms' end as due_at
      from unnest(:places::int[], :ids::uuid[], :lanes::int[], :payloads::bytea[], :content_types::text[],
                  :headers::text[], :tags::text[], :origins::text[], :keys::text[], :max_attempts::int[],
                  :backoffs::text[], :timeouts::bigint[], :content_hashes::uuid[], :run_ats::timestamptz[],
                  :delays::bigint[])
           as o(place, id, lane, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
                timeout_ms, content_hash, run_at, delay_ms)
), seated as materialized (
    select o.*, case when o.due_at is null then nextval('pulse.turn_seq') else 0 end as seq from offered o
), bound as materialized (
    select day_from, day_until, feed_shift from pulse.control
), in_day as (
    insert into pulse.job (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                           max_attempts, backoff, timeout_ms, content_hash, created_at)
    select s.id, s.lane, s.seq, l.type, l.queue, l.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now()
      from seated s
      join pulse.lane l on l.number = s.lane
     cross join bound b
     where s.id >= b.day_from and s.id < b.day_until
       and not exists (select from pulse.job_other o where o.id = s.id)
     order by s.id
        on conflict (id) do nothing
    returning id
), elsewhere as (
    insert into pulse.job_other (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                                 max_attempts, backoff, timeout_ms, content_hash, created_at, list_id)
    select s.id, s.lane, s.seq, l.type, l.queue, l.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now(),
           (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint), 12, '0') || substr(md5(s.id::text), 1, 20))::uuid
      from seated s
      join pulse.lane l on l.number = s.lane
     cross join bound b
     where not (s.id >= b.day_from and s.id < b.day_until)
       and not exists (select from pulse.job j where j.id = s.id)
     order by s.id
        on conflict (id) do nothing
    returning id
), stored as materialized (
    select id from in_day union all select id from elsewhere
), ready as (
    insert into pulse.turn (lane, seq, job_id, since)
    select s.lane, s.seq, s.id, pulse.now() from seated s join stored using (id) where s.due_at is null order by s.lane, s.seq
), waiting as (
    insert into pulse.due (job_id, lane, status, run_at)
    select s.id, s.lane, 'scheduled', s.due_at from seated s join stored using (id) where s.due_at is not null order by s.id
), told as (
    insert into pulse.event (position, n, kinds, subjects, lanes, attempts)
    select pg_current_xact_id()::text::bigint + (select feed_shift from bound), count(*),
           array_fill('submitted'::pulse.event_kind, array[count(*)::int]), array_agg(s.id), array_agg(s.lane),
           array_fill(0, array[count(*)::int])
      from seated s join stored using (id) having count(*) > 0
)
select s.place, s.seq, s.due_at, pulse.now() as created_at,
       (extract(epoch from s.due_at - pulse.now()) * 1000)::bigint as due_in_ms
  from seated s join stored using (id)
