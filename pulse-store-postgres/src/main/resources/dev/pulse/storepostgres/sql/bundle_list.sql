-- One page of bundles, newest first. Caller: PgBundleStore.list.
-- The cursor is the last row's moment and id: a keyset, so that a later page costs as much as the first.
-- Locks: none. Index: bundle_list backwards, bundle_delta_bundle.
-- The status is that of the view: what is not folded yet counts. within: patterns of LIKE that cover all its queues.
select id, type, origin, parent, status::text as status, total, completed, dead_lettered, canceled, created_at, finished_at
  from pulse.bundle_state
 where (created_at, id) < (:before_at::timestamptz, :before::uuid)
   and (:status::text is null or status::text = :status)
   and (:type::text is null or type = :type)
   and (:origin::text is null or origin = :origin)
   and (:parent::uuid is null or parent = :parent::uuid)
   and (:within::text[] is null
        or queues is not null and not exists (select from unnest(queues) q where not q like any(:within::text[])))
   and (:since::timestamptz is null or created_at >= :since::timestamptz)
   and (:until::timestamptz is null or created_at < :until::timestamptz)
 order by created_at desc, id desc
 limit :limit
