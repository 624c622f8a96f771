-- Stores submissions: facts, and a turn or a due row, in one statement. Callers: PgJobStore.insert, PgTransactions.insert.
-- Upholds I1, I7, I11. Left out: known ids; seq 0: waits. Locks: new rows, in id order. Index: job_pkey, turn_key, due_pkey.
-- What was stored and what was offered are never joined: of two sets without statistics each row would meet each. An id that
-- does not tell the hour of its submission goes to job_other. The last row tells the transaction, none: it is another store's.
with offered as materialized (
    select o.id, o.lane, o.queue, o.type, o.priority, o.payload, o.content_type, o.headers, o.tags, o.origin, o.key,
           o.max_attempts, o.backoff,
           o.timeout_ms, o.content_hash,
           case when o.run_at > pulse.now() then o.run_at
                when o.delay_ms > 0 then pulse.now() + o.delay_ms * interval '1 ms' end as due_at
      from unnest(:ids::uuid[], :lanes::int[], :queues::text[], :types::text[], :priorities::int[],
                  :payloads::bytea[], :content_types::text[],
                  :headers::text[], :tags::text[], :origins::text[], :keys::text[], :max_attempts::int[],
                  :backoffs::text[], :timeouts::bigint[], :content_hashes::uuid[], :run_ats::timestamptz[],
                  :delays::bigint[])
           as o(id, lane, queue, type, priority, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
                timeout_ms, content_hash, run_at, delay_ms)
), seated as materialized (
    select o.*, case when o.due_at is null then nextval('pulse.turn_seq') else 0 end as seq from offered o
), bound as materialized (
    select greatest(day_from, (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint - 3600000), 12, '0') || repeat('0', 20))::uuid) as day_from,
           least(day_until, (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint + 3600000), 12, '0') || repeat('0', 20))::uuid) as day_until,
           feed_shift
      from pulse.control
     where identity = :identity and current_database() = :database
), outside as materialized (
    select s.* from seated s cross join bound b where not (s.id >= b.day_from and s.id < b.day_until)
), in_day as (
    insert into pulse.job (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                           max_attempts, backoff, timeout_ms, content_hash, created_at)
    select s.id, s.lane, s.seq, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now()
      from seated s
     cross join bound b
     where s.id >= b.day_from and s.id < b.day_until
       and not exists (select from pulse.job_other o where o.id = s.id)
     order by s.id
        on conflict (id) do nothing
    returning id, lane, seq
), elsewhere as (
    insert into pulse.job_other (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                                 max_attempts, backoff, timeout_ms, content_hash, created_at, list_id)
    select s.id, s.lane, s.seq, s.type, s.queue, s.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now(),
           (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint), 12, '0') || substr(md5(s.id::text), 1, 20))::uuid
      from outside s
     where not exists (select from pulse.job j where j.id = s.id)
     order by s.id
        on conflict (id) do nothing
    returning id, lane, seq
), stored as materialized (
    select id, lane, seq from in_day union all select id, lane, seq from elsewhere
), ready as (
    insert into pulse.turn (lane, seq, job_id, since)
    select lane, seq, id, pulse.now() from stored where seq <> 0 order by lane, seq
), waiting as (
    insert into pulse.due (job_id, lane, status, run_at)
    select id, max(lane), 'scheduled', max(due_at)
      from (select id, lane, due_at, 0 as stored from seated where due_at is not null
             union all
            select id, lane, null, 1 from stored where seq = 0) both_sides
     group by id
    having sum(stored) = 1
     order by id
    returning job_id, run_at
), told as (
    insert into pulse.event (position, n, kinds, subjects, lanes, attempts)
    select pg_current_xact_id()::text::bigint + (select feed_shift from bound), count(*),
           array_fill('submitted'::pulse.event_kind, array[count(*)::int]), array_agg(id), array_agg(lane),
           array_fill(0, array[count(*)::int])
      from stored having count(*) > 0
)
select id, seq, pulse.now() as created_at, null::timestamptz as due_at, null::bigint as due_in_ms,
       null::bigint as transaction
  from stored where seq <> 0
 union all
select job_id, 0, pulse.now(), run_at, (extract(epoch from run_at - pulse.now()) * 1000)::bigint, null from waiting
 union all
select null, null, null, null, null, pg_current_xact_id()::text::bigint from bound
