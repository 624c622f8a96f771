package dev.pulse.storepostgres;

import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.store.BundleInserted;
import dev.pulse.store.Inserted;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores bundles. Stop 3 of the path; runs on the caller's thread. Keeps I1, I10.
 *
 * <p>Without keys a bundle, whatever is in it, is one statement and one round trip. An id that is taken is a unique violation
 * of that statement: nothing was stored, and only then it is asked which one it was. With keys it is a transaction in which
 * the keys are taken first, as for jobs.
 */
final class BundleInserter {
    /** A violation that nobody can be blamed for is a job deleted meanwhile: the next try stores the bundle. */
    private static final int MAX_TRIES = 5;

    private final Database database;
    private final LaneRegistry lanes;
    private final KeyKeeper keys = new KeyKeeper();

    BundleInserter(Database database, LaneRegistry lanes) {
        this.database = database;
        this.lanes = lanes;
    }

    BundleInserted insert(BundleTree tree) {
        lanes.ensure(Stream.concat(
                        tree.members().stream().map(BundleTree.Member::job),
                        tree.nodes().stream().flatMap(node -> node.bundle().callbacks().values().stream()))
                .map(LaneRegistry.Key::of)
                .distinct()
                .toList());
        boolean keyed = tree.members().stream().anyMatch(member -> member.job().key() != null);
        for (int attempt = 1; ; attempt++) {
            try {
                return keyed
                        ? database.transact(calls -> {
                            takeKeys(calls, tree);
                            return store(calls, tree);
                        })
                        : database.write(calls -> store(calls, tree));
            } catch (Taken taken) {
                if (isRepeat(tree)) {
                    return new BundleInserted.Duplicate(tree.root().id());
                }
                refuse(tree, taken);
                if (attempt == MAX_TRIES) {
                    throw new PulseException(
                            ErrorCode.ID_CONFLICT,
                            "ids of this bundle are taken and freed faster than it can be stored; send it again");
                }
            }
        }
    }

    private void takeKeys(Database.Calls calls, BundleTree tree) throws SQLException {
        List<BundleTree.Member> keyed = tree.members().stream()
                .filter(member -> member.job().key() != null)
                .toList();
        List<KeyKeeper.@Nullable Holder> holders = keys.take(
                calls,
                keyed.stream().map(member -> KeyKeeper.Wish.of(member.job())).toList());
        List<Violation> held = new ArrayList<>();
        for (int i = 0; i < keyed.size(); i++) {
            KeyKeeper.Holder holder = holders.get(i);
            if (holder != null) {
                held.add(new Violation(
                        keyed.get(i).path() + "key",
                        "is held by job " + holder.jobId()
                                + ", and a job that is there already is no member of this bundle"));
            }
        }
        if (!held.isEmpty()) {
            throw new Taken(ErrorCode.KEY_CONFLICT, held);
        }
    }

    private BundleInserted store(Database.Calls calls, BundleTree tree) throws SQLException {
        List<Submission> jobs =
                tree.members().stream().map(BundleTree.Member::job).toList();
        Inserted.Stored[] stored = new Inserted.Stored[jobs.size()];
        Set<Integer> known = new HashSet<>();
        try {
            bind(
                            JobColumns.bindWhole(
                                    calls.sql(Statement.BUNDLE_INSERT).setPlaces("places", jobs.size()), jobs, lanes),
                            tree)
                    .list(row -> {
                        int place = row.getInt("place");
                        if (row.getBoolean("known")) {
                            known.add(place);
                        } else {
                            stored[place] = JobInserter.stored(row, jobs.get(place), lanes);
                        }
                        return place;
                    });
        } catch (SQLException e) {
            if (PgErrors.isTaken(e)) {
                throw new Taken(ErrorCode.ID_CONFLICT, List.of());
            }
            throw e;
        }
        if (!known.isEmpty()) {
            throw new Taken(ErrorCode.ID_CONFLICT, List.of());
        }
        return new BundleInserted.Stored(tree.root().id(), List.of(stored));
    }

    private Sql bind(Sql sql, BundleTree tree) throws SQLException {
        List<BundleTree.Node> nodes = tree.nodes();
        UUID hash = tree.contentHash();
        List<Call> calls =
                nodes.stream().flatMap(node -> Call.of(node.bundle())).toList();
        sql.setColumn("bundles", "uuid", tree.members(), BundleTree.Member::bundle)
                .setColumn("bundle_ids", "uuid", nodes, node -> node.bundle().id())
                .setColumn("bundle_types", "text", nodes, node -> node.bundle().type())
                .setColumn(
                        "bundle_origins", "text", nodes, node -> node.bundle().origin())
                .setColumn("bundle_parents", "uuid", nodes, BundleTree.Node::parent)
                .setColumn("bundle_hashes", "uuid", nodes, node -> hash)
                .setColumn("bundle_totals", "int4", nodes, BundleTree.Node::total)
                // A name of a queue holds no comma: a column of lists travels as one of texts.
                .setColumn(
                        "bundle_queues",
                        "text",
                        nodes,
                        node -> String.join(",", node.bundle().queues()))
                .setColumn("call_bundles", "uuid", calls, Call::bundle)
                .setColumn("call_events", "text", calls, call -> call.event().field());
        return JobColumns.bind(sql, "call_", calls.stream().map(Call::job).toList(), lanes);
    }

    /** A callback and whose it is. */
    private record Call(UUID bundle, BundleEvent event, Submission job) {
        static Stream<Call> of(BundleSubmission bundle) {
            return bundle.callbacks().entrySet().stream()
                    .map(entry -> new Call(bundle.id(), entry.getKey(), entry.getValue()));
        }
    }

    private boolean isRepeat(BundleTree tree) {
        UUID id = tree.root().id();
        return tree.contentHash()
                .equals(hashes(Statement.BUNDLE_KNOWN, List.of(id)).get(id));
    }

    /** Says which ids and keys are taken; returns where none is any more. */
    private void refuse(BundleTree tree, Taken taken) {
        List<Violation> violations = new ArrayList<>(taken.held);
        Set<UUID> bundles = hashes(
                        Statement.BUNDLE_KNOWN,
                        tree.nodes().stream().map(node -> node.bundle().id()).toList())
                .keySet();
        for (BundleTree.Node node : tree.nodes()) {
            if (bundles.contains(node.bundle().id())) {
                violations.add(new Violation(node.path() + "id", node.bundle().id() + " is the id of another bundle"));
            }
        }
        Set<UUID> jobs = hashes(
                        Statement.JOB_KNOWN,
                        tree.members().stream().map(member -> member.job().id()).toList())
                .keySet();
        for (BundleTree.Member member : tree.members()) {
            UUID id = member.job().id();
            if (jobs.contains(id)) {
                violations.add(new Violation(
                        member.path() + "id",
                        id + " is the id of a job that is there already, and so no member of this bundle"));
            }
        }
        if (!violations.isEmpty()) {
            throw PulseException.of(taken.code, violations);
        }
    }

    private Map<UUID, UUID> hashes(Statement statement, List<UUID> ids) {
        return database.read(calls -> {
            Map<UUID, UUID> hashes = new HashMap<>();
            calls.sql(statement)
                    .setUuids("ids", ids)
                    .list(row ->
                            hashes.put(Sql.uuid(row, "id"), Objects.requireNonNull(Sql.uuid(row, "content_hash"))));
            return hashes;
        });
    }

    /** Something is taken; nothing was stored. */
    private static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final ErrorCode code;

        @SuppressWarnings("serial") // never serialised; the list is immutable
        private final List<Violation> held;

        Taken(ErrorCode code, List<Violation> held) {
            super(null, null, false, false);
            this.code = code;
            this.held = List.copyOf(held);
        }
    }
}
