package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Submission;
import dev.pulse.store.Acted;
import dev.pulse.store.BundleDeleted;
import dev.pulse.store.BundleInserted;
import dev.pulse.store.BundleStore;
import dev.pulse.store.Folded;
import dev.pulse.store.Inserted;
import dev.pulse.store.MembersCanceled;
import dev.pulse.store.Place;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bundles. Any thread. Counts change with their members at once; {@link #fold} draws the conclusions. Keeps I10. */
final class MemoryBundleStore implements BundleStore {
    private final Tables tables;
    private final MemoryJobStore jobs;
    private final MemoryAuditStore audit;

    MemoryBundleStore(Tables tables, MemoryJobStore jobs, MemoryAuditStore audit) {
        this.tables = tables;
        this.jobs = jobs;
        this.audit = audit;
    }

    @Override
    public BundleInserted insert(BundleTree tree) {
        return tables.locked(() -> {
            UUID hash = tree.contentHash();
            StoredBundle known = tables.bundles.get(tree.root().id());
            if (known != null && known.contentHash.equals(hash)) {
                return new BundleInserted.Duplicate(known.id());
            }
            Instant now = tables.now();
            List<Inserted.Stored> members = new Insertion(tables).members(tree);
            for (BundleTree.Node node : tree.nodes()) {
                tables.bundles.put(node.bundle().id(), new StoredBundle(node, hash, now));
            }
            return new BundleInserted.Stored(tree.root().id(), members);
        });
    }

    @Override
    public Optional<Bundle> find(UUID id) {
        return tables.locked(() -> Optional.ofNullable(tables.bundles.get(id)).map(StoredBundle::snapshot));
    }

    @Override
    public Optional<Set<String>> queues(UUID id) {
        return tables.locked(
                () -> Optional.ofNullable(tables.bundles.get(id)).map(bundle -> bundle.submitted.queues()));
    }

    private static Place place(StoredBundle bundle) {
        return new Place(bundle.createdAt, bundle.id());
    }

    @Override
    public BundlePage list(BundleFilter filter, int limit, @Nullable String cursor) {
        Place after = Place.parse(cursor);
        return tables.locked(() -> {
            List<StoredBundle> found = tables.bundles.values().stream()
                    .filter(bundle -> matches(filter, bundle))
                    .filter(bundle -> place(bundle).compareTo(after) > 0)
                    .sorted(Comparator.comparing(MemoryBundleStore::place))
                    .limit(limit + 1L)
                    .toList();
            List<StoredBundle> shown = found.subList(0, Math.min(limit, found.size()));
            return new BundlePage(
                    shown.stream().map(StoredBundle::snapshot).toList(),
                    found.size() > limit ? place(shown.getLast()).cursor() : null);
        });
    }

    private static boolean matches(BundleFilter filter, StoredBundle bundle) {
        return (filter.status() == null || filter.status() == bundle.status())
                && (filter.type() == null || filter.type().equals(bundle.submitted.type()))
                && (filter.origin() == null || filter.origin().equals(bundle.submitted.origin()))
                && (filter.parentId() == null || filter.parentId().equals(bundle.parent))
                && filter.within().covers(bundle.submitted.queues())
                && (filter.since() == null || !bundle.createdAt.isBefore(filter.since()))
                && (filter.until() == null || bundle.createdAt.isBefore(filter.until()));
    }

    @Override
    public Set<UUID> finished(Set<UUID> ids) {
        return tables.locked(() -> ids.stream().filter(this::isFinished).collect(Collectors.toUnmodifiableSet()));
    }

    private boolean isFinished(UUID id) {
        StoredBundle bundle = tables.bundles.get(id);
        return bundle == null || bundle.status().isFinal();
    }

    @Override
    public List<UUID> tree(UUID id) {
        return tables.locked(() -> treeOf(id));
    }

    private List<UUID> treeOf(UUID id) {
        List<UUID> tree = new ArrayList<>();
        if (tables.bundles.containsKey(id)) {
            tree.add(id);
            for (StoredBundle bundle : tables.bundles.values()) {
                if (id.equals(bundle.parent)) {
                    tree.addAll(treeOf(bundle.id()));
                }
            }
        }
        return tree;
    }

    private List<StoredJob> membersOf(Collection<UUID> bundles) {
        return tables.jobs.values().stream()
                .filter(job -> job.facts.bundleId() != null && bundles.contains(job.facts.bundleId()))
                .toList();
    }

    @Override
    public MembersCanceled cancel(List<UUID> bundles, @Nullable UUID after, int limit, Caller by) {
        return tables.locked(() -> {
            if (by.isAudited()) {
                audit.note(
                        by,
                        "bundle.cancel",
                        bundles.getFirst().toString(),
                        Map.of(),
                        Map.of("cancel", "requested"),
                        AuditEntry.DONE);
            }
            List<StoredJob> members = membersOf(bundles).stream()
                    .filter(job -> after == null || Tables.BY_ID.compare(job.id(), after) > 0)
                    .limit(limit)
                    .toList();
            List<UUID> canceled = new ArrayList<>();
            Set<UUID> sessions = new HashSet<>();
            int asked = 0;
            for (StoredJob job : members) {
                if (jobs.cancelLocked(job, by.name()) instanceof Acted.Done(JobStatus status, int lane, UUID session)) {
                    if (session == null) {
                        canceled.add(job.id());
                    } else {
                        sessions.add(session);
                        asked++;
                    }
                }
            }
            UUID last = members.isEmpty() ? null : members.getLast().id();
            return new MembersCanceled(canceled, asked, sessions, last);
        });
    }

    @Override
    public BundleDeleted delete(UUID id, Caller by) {
        return tables.locked(() -> {
            StoredBundle bundle = tables.bundles.get(id);
            if (bundle == null) {
                return new BundleDeleted.NotFound();
            }
            List<UUID> tree = treeOf(id);
            List<StoredJob> members = membersOf(tree);
            if (!bundle.status().isFinal() || members.stream().anyMatch(job -> !job.status.isFinal())) {
                return new BundleDeleted.Illegal(BundleStatus.OPEN);
            }
            members.forEach(tables::remove);
            tree.forEach(tables.bundles::remove);
            StoredBundle parent = tables.bundleOf(bundle.parent);
            if (parent != null) {
                parent.lost(bundle.decided.asMember());
                tables.dirty.add(parent.id());
            }
            audit.note(
                    by,
                    "bundle.delete",
                    id.toString(),
                    Map.of("status", bundle.decided.wireName(), "jobs", String.valueOf(members.size())),
                    Map.of(),
                    AuditEntry.DONE);
            return new BundleDeleted.Done(
                    members.stream().map(StoredJob::id).collect(Collectors.toSet()), bundle.parent);
        });
    }

    @Override
    public Folded fold(Set<UUID> named, int limit) {
        return tables.locked(() -> {
            List<UUID> ids = named.isEmpty()
                    ? tables.dirty.stream().limit(limit).toList()
                    : named.stream().filter(tables.dirty::contains).toList();
            Set<UUID> finished = new HashSet<>();
            Set<UUID> parents = new HashSet<>();
            List<Inserted.Stored> callbacks = new ArrayList<>();
            int folded = 0;
            for (UUID id : ids) {
                tables.dirty.remove(id);
                StoredBundle bundle = tables.bundles.get(id);
                if (bundle != null) {
                    folded++;
                    settle(bundle, finished, parents, callbacks);
                }
            }
            return new Folded(folded, finished, callbacks, parents);
        });
    }

    private void settle(StoredBundle bundle, Set<UUID> finished, Set<UUID> parents, List<Inserted.Stored> callbacks) {
        BundleStatus was = bundle.decided;
        BundleStatus becomes = was.next(bundle.counts(), bundle.reopened);
        if (bundle.buried) {
            call(bundle, BundleEvent.DEAD_LETTER, callbacks);
        }
        bundle.reopened = false;
        bundle.buried = false;
        if (was == becomes) {
            return;
        }
        bundle.decided = becomes;
        bundle.finishedAt = becomes.isFinal() ? tables.now() : null;
        StoredBundle parent = tables.bundleOf(bundle.parent);
        if (parent != null) {
            parent.moved(was.asMember(), becomes.asMember());
            tables.dirty.add(parent.id());
            parents.add(parent.id());
        }
        if (becomes.isFinal()) {
            if (!bundle.settled) {
                bundle.settled = true;
                tables.events.tellCompleted(bundle, tables.now());
            }
            finished.add(bundle.id());
            call(bundle, BundleEvent.COMPLETE, callbacks);
        }
        if (becomes == BundleStatus.COMPLETED) {
            call(bundle, BundleEvent.SUCCESS, callbacks);
        }
    }

    private void call(StoredBundle bundle, BundleEvent event, List<Inserted.Stored> callbacks) {
        Submission callback = bundle.callback(event);
        if (callback == null) {
            return;
        }
        UUID id = callback.id();
        for (int round = 0; tables.jobs.containsKey(id); round++) {
            String name = bundle.id() + " " + event + " " + round;
            id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        }
        Map<String, String> headers = new LinkedHashMap<>(callback.labels().headers());
        headers.put(Bundle.HEADER_ID, bundle.id().toString());
        headers.put(Bundle.HEADER_EVENT, event.field());
        Submission job = new Submission(
                id,
                callback.type(),
                callback.queue(),
                callback.priority(),
                callback.payload(),
                callback.when(),
                callback.policy(),
                null,
                new Labels(headers, callback.labels().tags(), callback.labels().origin()));
        callbacks.add(
                (Inserted.Stored) new Insertion(tables).run(List.of(job), false).getFirst());
        bundle.called(event, id, tables.now());
    }
}
