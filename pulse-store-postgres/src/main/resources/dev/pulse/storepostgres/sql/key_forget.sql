-- Forgets some of the keys that hold nobody any more: expired, or their job is gone. Caller: PgHistoryStore.prune.
-- A pass over all of them, batch by batch, in the order of the key. Others are freed lazily by whoever meets them.
-- Locks: the rows deleted. Index: job_key_pkey, job_pkey, job_other_pkey.
-- Compared again as it is deleted, so that a key that was just taken over stays. Only for the leader of this term (E16).
with looked as materialized (
    select type, key, job_id, expires_at from pulse.job_key
     where (type, key) > (:type::text, :key::text) order by type, key limit :limit
), gone as (
    delete from pulse.job_key k using looked l
     where k.type = l.type and k.key = l.key and k.job_id = l.job_id
       and k.expires_at is not distinct from l.expires_at
       and case when l.expires_at is not null then l.expires_at <= pulse.now()
                else not exists (select from pulse.job_fact f where f.id = l.job_id) end
       and exists (select from pulse.control
                    where leader = :server::uuid and leader_term = :term::bigint and leader_until > pulse.now())
)
select type, key from looked order by type desc, key desc limit 1
