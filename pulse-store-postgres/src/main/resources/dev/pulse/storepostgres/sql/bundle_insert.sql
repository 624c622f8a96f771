-- Stores a bundle with all that is in it, in one statement. Caller: PgBundleStore.insert. Upholds I1, I7, I10, I11.
-- An id that stands in the other kind of table keeps everything from being stored and is answered as known; one that
-- stands in the same table is a unique violation, and nothing is stored either. seq is drawn in the order of the members.
-- Locks: new rows only, bundles before jobs, each in id order. Index: bundle_pkey, job_pkey, turn_key, due_pkey.
with offered as materialized (
    select o.place, o.id, o.bundle, o.lane, o.payload, o.content_type, o.headers, o.tags, o.origin, o.key, o.max_attempts,
           o.backoff, o.timeout_ms, o.content_hash,
           case when o.run_at > pulse.now() then o.run_at
                when o.delay_ms > 0 then pulse.now() + o.delay_ms * interval '1 ms' end as due_at,
           o.id >= c.day_from and o.id < c.day_until as in_day
      from unnest(:places::int[], :ids::uuid[], :bundles::uuid[], :lanes::int[], :payloads::bytea[], :content_types::text[],
                  :headers::text[], :tags::text[], :origins::text[], :keys::text[], :max_attempts::int[],
                  :backoffs::text[], :timeouts::bigint[], :content_hashes::uuid[], :run_ats::timestamptz[],
                  :delays::bigint[])
           as o(place, id, bundle, lane, payload, content_type, headers, tags, origin, key, max_attempts, backoff,
                timeout_ms, content_hash, run_at, delay_ms)
     cross join pulse.control c
), known as materialized (
    select o.place from offered o
     where case when o.in_day then exists (select from pulse.job_other k where k.id = o.id)
                else exists (select from pulse.job k where k.id = o.id) end
), bundled as (
    insert into pulse.bundle (id, type, origin, parent, content_hash, total, queues, created_at)
    select b.id, b.type, b.origin, b.parent, b.content_hash, b.total, string_to_array(b.queues, ','), pulse.now()
      from unnest(:bundle_ids::uuid[], :bundle_types::text[], :bundle_origins::text[], :bundle_parents::uuid[],
                  :bundle_hashes::uuid[], :bundle_totals::int[], :bundle_queues::text[])
             as b(id, type, origin, parent, content_hash, total, queues)
     where not exists (select from known)
     order by b.id
), called as (
    insert into pulse.bundle_callback (bundle, event, job_id, type, queue, priority, payload, content_type, headers, tags,
                                       origin, max_attempts, backoff, timeout_ms, run_at, delay_ms)
    select c.bundle, c.event, c.id, l.type, l.queue, l.priority, c.payload, c.content_type, c.headers::json, c.tags::jsonb,
           c.origin, c.max_attempts, c.backoff, c.timeout_ms, c.run_at, c.delay_ms
      from unnest(:call_bundles::uuid[], :call_events::text[], :call_ids::uuid[], :call_lanes::int[], :call_payloads::bytea[],
                  :call_content_types::text[], :call_headers::text[], :call_tags::text[], :call_origins::text[],
                  :call_max_attempts::int[], :call_backoffs::text[], :call_timeouts::bigint[],
                  :call_run_ats::timestamptz[], :call_delays::bigint[])
           as c(bundle, event, id, lane, payload, content_type, headers, tags, origin, max_attempts, backoff, timeout_ms,
                run_at, delay_ms)
      join pulse.lane l on l.number = c.lane
     where not exists (select from known)
), seated as materialized (
    select o.*, case when o.due_at is null then nextval('pulse.turn_seq') else 0 end as seq
      from offered o where not exists (select from known)
), in_day as (
    insert into pulse.job (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                           max_attempts, backoff, timeout_ms, content_hash, created_at, bundle_id)
    select s.id, s.lane, s.seq, l.type, l.queue, l.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now(), s.bundle
      from seated s
      join pulse.lane l on l.number = s.lane
     where s.in_day
     order by s.id
), elsewhere as (
    insert into pulse.job_other (id, lane, seq, type, queue, priority, payload, content_type, headers, tags, origin, key,
                                 max_attempts, backoff, timeout_ms, content_hash, created_at, bundle_id, list_id)
    select s.id, s.lane, s.seq, l.type, l.queue, l.priority, s.payload, s.content_type, s.headers::json, s.tags::jsonb,
           s.origin, s.key, s.max_attempts, s.backoff, s.timeout_ms, s.content_hash, pulse.now(), s.bundle,
           (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint), 12, '0') || substr(md5(s.id::text), 1, 20))::uuid
      from seated s
      join pulse.lane l on l.number = s.lane
     where not s.in_day
     order by s.id
), ready as (
    insert into pulse.turn (lane, seq, job_id, since, bundle)
    select s.lane, s.seq, s.id, pulse.now(), s.bundle from seated s where s.due_at is null order by s.lane, s.seq
), waiting as (
    insert into pulse.due (job_id, lane, status, run_at, bundle)
    select s.id, s.lane, 'scheduled', s.due_at, s.bundle from seated s where s.due_at is not null order by s.id
), told as (
    insert into pulse.event (n, kinds, subjects, lanes, attempts)
    select count(*), array_fill('submitted'::pulse.event_kind, array[count(*)::int]), array_agg(s.id order by s.place),
           array_agg(s.lane order by s.place), array_fill(0, array[count(*)::int])
      from seated s having count(*) > 0
)
select place, seq, due_at, pulse.now() as created_at, (extract(epoch from due_at - pulse.now()) * 1000)::bigint as due_in_ms,
       false as known
  from seated
 union all
select place, 0, null, null, null, true from known
