package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.JobStatus;
import dev.pulse.store.Acted;
import dev.pulse.store.BundleDeleted;
import dev.pulse.store.BundleInserted;
import dev.pulse.store.BundleStore;
import dev.pulse.store.Folded;
import dev.pulse.store.MembersCanceled;
import dev.pulse.store.Place;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bundles in PostgreSQL. Runs on the caller's thread. Keeps I10; each statement says in its header how. */
final class PgBundleStore implements BundleStore {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database data;
    private final Database queries;
    private final BundleInserter inserter;
    private final BundleFolding folding;
    private final JobActs acts = new JobActs();

    PgBundleStore(Database data, Database queries, LaneRegistry lanes, JobInserter jobs) {
        this.data = data;
        this.queries = queries;
        this.inserter = new BundleInserter(data, lanes);
        this.folding = new BundleFolding(jobs);
    }

    private static Place place(Bundle bundle) {
        return new Place(bundle.createdAt(), bundle.id());
    }

    @Override
    public BundleInserted insert(BundleTree bundle) {
        return inserter.insert(bundle);
    }

    @Override
    public Optional<Bundle> find(UUID id) {
        return data.read(calls -> {
            List<Bundle.Callback> callbacks = callbacks(calls, List.of(id)).getOrDefault(id, List.of());
            return Optional.ofNullable(
                    calls.sql(Statement.BUNDLE_FIND).set("id", id).first(row -> BundleRow.bundle(row, callbacks)));
        });
    }

    private static Map<UUID, List<Bundle.Callback>> callbacks(Database.Calls calls, List<UUID> ids)
            throws SQLException {
        Map<UUID, List<Bundle.Callback>> found = new HashMap<>();
        calls.sql(Statement.BUNDLE_CALLBACK_LIST)
                .setUuids("ids", ids)
                .list(row -> found.computeIfAbsent(Sql.uuid(row, "bundle"), id -> new ArrayList<>(3))
                        .add(new Bundle.Callback(
                                BundleEvent.fromField(row.getString("event")).orElseThrow(),
                                Sql.uuid(row, "job_id"),
                                row.getString("type"),
                                Sql.instant(row, "submitted_at"))));
        found.values().forEach(list -> list.sort(Comparator.comparing(Bundle.Callback::event)));
        return found;
    }

    @Override
    public BundlePage list(BundleFilter filter, int limit, @Nullable String cursor) {
        Place before = Place.parse(cursor);
        return queries.read(calls -> {
            List<Bundle> found = calls.sql(Statement.BUNDLE_LIST)
                    .set("before_at", before.createdAt())
                    .set("before", before.id())
                    .set(
                            "status",
                            filter.status() == null ? null : filter.status().wireName())
                    .set("type", filter.type())
                    .set("origin", filter.origin())
                    .set("parent", filter.parentId())
                    .setQueues("within", filter.within())
                    .set("since", filter.since())
                    .set("until", filter.until())
                    .set("limit", limit + 1L)
                    .list(row -> BundleRow.bundle(row, List.of()));
            List<Bundle> shown = found.subList(0, Math.min(limit, found.size()));
            Map<UUID, List<Bundle.Callback>> callbacks =
                    callbacks(calls, shown.stream().map(Bundle::id).toList());
            return new BundlePage(
                    shown.stream()
                            .map(bundle -> with(bundle, callbacks.getOrDefault(bundle.id(), List.of())))
                            .toList(),
                    found.size() > limit ? place(shown.getLast()).cursor() : null);
        });
    }

    @Override
    public Optional<Set<String>> queues(UUID id) {
        return data.read(calls -> Optional.ofNullable(calls.sql(Statement.BUNDLE_QUEUES)
                .set("id", id)
                .first(row -> Set.of((String[]) row.getArray("queues").getArray()))));
    }

    private static Bundle with(Bundle bundle, List<Bundle.Callback> callbacks) {
        return new Bundle(
                bundle.id(),
                bundle.type(),
                bundle.origin(),
                bundle.parentId(),
                bundle.status(),
                bundle.counts(),
                callbacks,
                bundle.createdAt(),
                bundle.finishedAt());
    }

    @Override
    public Set<UUID> finished(Set<UUID> ids) {
        return ids.isEmpty()
                ? Set.of()
                : data.read(calls -> calls.sql(Statement.BUNDLE_FINISHED)
                        .setUuids("ids", ids)
                        .set(row -> Sql.uuid(row, "id")));
    }

    @Override
    public List<UUID> tree(UUID id) {
        return data.read(calls -> tree(calls, id));
    }

    private static List<UUID> tree(Database.Calls calls, UUID id) throws SQLException {
        return calls.sql(Statement.BUNDLE_TREE).set("id", id).list(row -> Sql.uuid(row, "id"));
    }

    @Override
    public MembersCanceled cancel(List<UUID> bundles, @Nullable UUID after, int limit, Caller by) {
        return data.transact(calls -> {
            if (by.isAudited()) {
                AuditLog.note(
                        calls,
                        by,
                        "bundle.cancel",
                        bundles.getFirst().toString(),
                        Map.of(),
                        Map.of("cancel", "requested"),
                        AuditEntry.DONE);
            }
            List<Member> members = members(calls, bundles, after == null ? BEFORE_ALL : after, limit);
            List<UUID> unfinished =
                    members.stream().filter(Member::unfinished).map(Member::id).toList();
            List<UUID> canceled = new ArrayList<>();
            Set<UUID> sessions = new HashSet<>();
            int asked = 0;
            for (Map.Entry<UUID, JobActs.Change> change :
                    acts.cancel(calls, unfinished, by.name()).entrySet()) {
                if (change.getValue().acted() instanceof Acted.Done(JobStatus status, int lane, UUID session)) {
                    if (session == null) {
                        canceled.add(change.getKey());
                    } else {
                        sessions.add(session);
                        asked++;
                    }
                }
            }
            return new MembersCanceled(
                    canceled,
                    asked,
                    sessions,
                    members.isEmpty() ? null : members.getLast().id());
        });
    }

    private record Member(UUID id, boolean unfinished) {}

    private static List<Member> members(Database.Calls calls, List<UUID> bundles, UUID after, int limit)
            throws SQLException {
        return calls.sql(Statement.BUNDLE_MEMBER)
                .setUuids("bundles", bundles)
                .set("after", after)
                .set("limit", (long) limit)
                .list(row -> new Member(Sql.uuid(row, "id"), row.getBoolean("unfinished")));
    }

    @Override
    public BundleDeleted delete(UUID id, Caller by) {
        try {
            return data.transact(calls -> delete(calls, id, by));
        } catch (Unfinished e) {
            return new BundleDeleted.Illegal(BundleStatus.OPEN);
        }
    }

    private BundleDeleted delete(Database.Calls calls, UUID id, Caller by) throws SQLException {
        List<UUID> tree = tree(calls, id);
        calls.sql(Statement.BUNDLE_LOCK).setUuids("ids", tree).list(row -> Sql.uuid(row, "id"));
        BundleStatus status =
                calls.sql(Statement.BUNDLE_FIND).set("id", id).first(row -> BundleRow.status(row.getString("status")));
        if (status == null) {
            return new BundleDeleted.NotFound();
        }
        if (!status.isFinal()) {
            return new BundleDeleted.Illegal(status);
        }
        List<UUID> jobs = members(calls, tree, BEFORE_ALL, Integer.MAX_VALUE).stream()
                .map(Member::id)
                .toList();
        for (JobActs.Change change : acts.delete(calls, jobs).values()) {
            Acted acted = change.acted();
            // A member that was requeued since, here or in a bundle further in.
            if (acted instanceof Acted.Illegal
                    || acted instanceof Acted.Done done && !done.status().isFinal()) {
                throw new Unfinished();
            }
        }
        List<Optional<UUID>> parents = calls.sql(Statement.BUNDLE_DELETE)
                .setUuids("bundles", tree)
                .set("root", id)
                .list(row -> Optional.ofNullable(Sql.nullableUuid(row, "parent")));
        AuditLog.note(
                calls,
                by,
                "bundle.delete",
                id.toString(),
                Map.of("status", status.wireName(), "jobs", String.valueOf(jobs.size())),
                Map.of(),
                AuditEntry.DONE);
        return new BundleDeleted.Done(Set.copyOf(jobs), parents.getFirst().orElse(null));
    }

    /** Takes the deletion back. */
    private static final class Unfinished extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfinished() {
            super(null, null, false, false);
        }
    }

    @Override
    public Folded fold(Set<UUID> bundles, int limit) {
        return data.transact(calls -> folding.fold(calls, bundles, limit));
    }
}
