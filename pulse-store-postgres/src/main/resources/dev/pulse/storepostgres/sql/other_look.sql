-- Looks at some of the jobs beside the days, and says which have outlived their retention. Caller: PgHistoryStore.prune.
-- A pass over all of them, batch by batch, from the oldest.
-- Locks: none. Index: job_other_list, job_key_expires, bundle_pkey.
-- due: the job is final, its status' retention has passed, its key is dead, and no open bundle holds it.
with looked as materialized (
    select id, list_id from pulse.job_other where list_id > :after::uuid order by list_id limit :limit
)
select l.id, l.list_id,
       s.finished_at <= pulse.now() - case s.status when 'completed' then :completed_ms::bigint
                                                    when 'canceled' then :canceled_ms::bigint
                                                    when 'dead_lettered' then :dead_ms::bigint end * interval '1 ms'
       and not exists (select from pulse.job_key k where k.job_id = l.id and k.expires_at > pulse.now())
       and (s.bundle_id is null or not pulse.bundle_holds(s.bundle_id)) is true as due
  from looked l
 cross join lateral (select status, finished_at, bundle_id from pulse.job_state where id = l.id limit 1) s
 order by l.list_id
