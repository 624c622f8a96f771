package dev.pulse.storepostgres;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Payload;
import dev.pulse.model.Submission;
import dev.pulse.model.When;
import dev.pulse.store.Folded;
import dev.pulse.store.Inserted;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what was noted about bundles and acts on it, in one transaction that holds them: whoever folds the last member's
 * delta decides the bundle and submits its callbacks, and nobody else can (I10). A crash before the commit leaves the deltas
 * for the next one.
 */
final class BundleFolding {
    /** Ids for a callback whose own id somebody else has used; the first is as good as free. */
    private static final int MAX_IDS = 4;

    private final JobInserter inserter;

    BundleFolding(JobInserter inserter) {
        this.inserter = inserter;
    }

    /** A bundle with its new counts. */
    private record Sum(UUID id, @Nullable UUID parent, BundleStatus was, BundleStatus becomes, boolean buried) {
        boolean changes() {
            return was != becomes;
        }

        static Sum of(ResultSet row) throws SQLException {
            BundleStatus was = BundleRow.status(row.getString("status"));
            BundleCounts counts = BundleRow.counts(row);
            return new Sum(
                    Sql.uuid(row, "id"),
                    Sql.nullableUuid(row, "parent"),
                    was,
                    was.next(counts, row.getBoolean("reopened")),
                    row.getBoolean("buried"));
        }
    }

    /** What has to be submitted now, unless it was before. */
    private record Call(UUID bundle, BundleEvent event) {}

    private record Callback(UUID bundle, BundleEvent event, Submission job) {}

    Folded fold(Database.Calls calls, Collection<UUID> named, int limit) throws SQLException {
        Collection<UUID> ids = named.isEmpty() ? dirty(calls, limit) : named;
        if (ids.isEmpty()) {
            return Folded.NOTHING;
        }
        calls.sql(Statement.BUNDLE_LOCK).setUuids("ids", ids).list(row -> Sql.uuid(row, "id"));
        List<Sum> sums = calls.sql(Statement.BUNDLE_FOLD).setUuids("ids", ids).list(Sum::of);
        List<Sum> changed = sums.stream().filter(Sum::changes).toList();
        Set<UUID> parents = settle(calls, changed);
        List<Inserted.Stored> submitted = submit(calls, callbacks(calls, due(sums)));
        Set<UUID> finished = new HashSet<>();
        changed.stream().filter(sum -> sum.becomes().isFinal()).forEach(sum -> finished.add(sum.id()));
        return new Folded(sums.size(), finished, submitted, parents);
    }

    private static List<UUID> dirty(Database.Calls calls, int limit) throws SQLException {
        return calls.sql(Statement.BUNDLE_DIRTY).set("limit", (long) limit).list(row -> Sql.uuid(row, "bundle"));
    }

    private static Set<UUID> settle(Database.Calls calls, List<Sum> changed) throws SQLException {
        return changed.isEmpty()
                ? Set.of()
                : calls.sql(Statement.BUNDLE_SETTLE)
                        .setColumn("ids", "uuid", changed, Sum::id)
                        .setColumn("was", "text", changed, sum -> sum.was().wireName())
                        .setColumn(
                                "becomes", "text", changed, sum -> sum.becomes().wireName())
                        .set(row -> Sql.uuid(row, "bundle"));
    }

    private static List<Call> due(List<Sum> sums) {
        List<Call> due = new ArrayList<>();
        for (Sum sum : sums) {
            if (sum.buried()) {
                due.add(new Call(sum.id(), BundleEvent.DEAD_LETTER));
            }
            if (sum.changes() && sum.becomes().isFinal()) {
                due.add(new Call(sum.id(), BundleEvent.COMPLETE));
                if (sum.becomes() == BundleStatus.COMPLETED) {
                    due.add(new Call(sum.id(), BundleEvent.SUCCESS));
                }
            }
        }
        return due;
    }

    private static List<Callback> callbacks(Database.Calls calls, List<Call> due) throws SQLException {
        return due.isEmpty()
                ? List.of()
                : calls.sql(Statement.BUNDLE_CALL)
                        .setColumn("bundles", "uuid", due, Call::bundle)
                        .setColumn("events", "text", due, call -> call.event().field())
                        .list(BundleFolding::callback);
    }

    private static Callback callback(ResultSet row) throws SQLException {
        UUID bundle = Sql.uuid(row, "bundle");
        BundleEvent event = BundleEvent.fromField(row.getString("event")).orElseThrow();
        Map<String, String> headers = new LinkedHashMap<>(StringMaps.read(row.getString("headers")));
        headers.put(Bundle.HEADER_ID, bundle.toString());
        headers.put(Bundle.HEADER_EVENT, event.field());
        Payload payload =
                Objects.requireNonNull(JobRow.payload(row.getBytes("payload"), row.getString("content_type")));
        Submission job = new Submission(
                Sql.uuid(row, "id"),
                row.getString("type"),
                row.getString("queue"),
                row.getInt("priority"),
                payload,
                when(row),
                JobRow.policy(row),
                null,
                new Labels(headers, StringMaps.read(row.getString("tags")), row.getString("origin")));
        return new Callback(bundle, event, job);
    }

    private static When when(ResultSet row) throws SQLException {
        Instant at = Sql.instant(row, "run_at");
        if (at != null) {
            return new When.At(at);
        }
        long delay = row.getLong("delay_ms");
        return delay == 0 ? When.NOW : new When.After(Duration.ofMillis(delay));
    }

    private List<Inserted.Stored> submit(Database.Calls calls, List<Callback> callbacks) throws SQLException {
        List<Inserted.Stored> stored = new ArrayList<>();
        List<Callback> made = new ArrayList<>();
        List<Callback> open = callbacks;
        for (int round = 0; !open.isEmpty(); round++) {
            if (round == MAX_IDS) {
                throw new IllegalStateException("no free id for the callbacks of bundles " + open);
            }
            List<Inserted> answers = inserter.insertWithin(
                    calls, open.stream().map(Callback::job).toList());
            List<Callback> taken = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i) instanceof Inserted.Stored job) {
                    stored.add(job);
                    made.add(open.get(i));
                } else {
                    taken.add(withOtherId(open.get(i), round));
                }
            }
            open = taken;
        }
        mark(calls, made);
        return stored;
    }

    /** Somebody used the callback's id for a job of their own; made of the bundle's, so that it needs no dice. */
    private static Callback withOtherId(Callback callback, int round) {
        String name = callback.bundle() + " " + callback.event() + " " + round;
        Submission job = callback.job();
        return new Callback(
                callback.bundle(),
                callback.event(),
                new Submission(
                        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                        job.type(),
                        job.queue(),
                        job.priority(),
                        job.payload(),
                        job.when(),
                        job.policy(),
                        null,
                        job.labels()));
    }

    private static void mark(Database.Calls calls, List<Callback> made) throws SQLException {
        if (made.isEmpty()) {
            return;
        }
        int marked = calls.sql(Statement.BUNDLE_CALLED)
                .setColumn("bundles", "uuid", made, Callback::bundle)
                .setColumn("events", "text", made, callback -> callback.event().field())
                .setColumn("job_ids", "uuid", made, callback -> callback.job().id())
                .update();
        if (marked != made.size()) {
            throw new IllegalStateException(
                    "marked " + marked + " of " + made.size() + " callbacks as submitted: " + made);
        }
    }
}
