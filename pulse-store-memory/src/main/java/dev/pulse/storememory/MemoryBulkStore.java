package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.BulkState;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.PulseException;
import dev.pulse.store.BulkCount;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStep;
import dev.pulse.store.BulkStore;
import dev.pulse.store.BulkTally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Acts on many jobs, in the order of their ids. Any thread. */
final class MemoryBulkStore implements BulkStore {
    private final Tables tables;
    private final MemoryJobStore jobs;
    private final MemoryAuditStore audit;
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();

    MemoryBulkStore(Tables tables, MemoryJobStore jobs, MemoryAuditStore audit) {
        this.tables = tables;
        this.jobs = jobs;
        this.audit = audit;
    }

    /**
     * One operation.
     *
     * @param place behind the last job looked at, or null at the beginning
     * @param bound the greatest id when it was taken in, or null where there was none
     */
    private record Entry(
            BulkOperation operation,
            Caller by,
            @Nullable UUID place,
            @Nullable UUID bound,
            Instant nextAt) {}

    @Override
    public BulkOperation start(BulkOrder order) {
        return tables.locked(() -> {
            long unfinished = entries.values().stream()
                    .filter(entry -> !entry.operation.state().isFinal())
                    .count();
            if (unfinished >= MAX_UNFINISHED) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        MAX_UNFINISHED + " operations on many jobs are unfinished: wait for one, or stop one");
            }
            BulkOperation operation = new BulkOperation(
                    order.id(),
                    order.action(),
                    order.filter(),
                    order.rate(),
                    BulkState.RUNNING,
                    new BulkResult(0, 0, new TreeMap<>(), false, order.id()),
                    order.by().name(),
                    tables.now(),
                    null);
            UUID last = tables.jobs.isEmpty() ? null : tables.jobs.lastKey();
            entries.put(order.id(), new Entry(operation, order.by(), null, last, tables.now()));
            note(order.by(), operation, Map.of(), "started");
            return operation;
        });
    }

    private void note(Caller by, BulkOperation operation, Map<String, String> after, String outcome) {
        String action = "bulk." + operation.action().wireName();
        audit.note(by, action, operation.id().toString(), operation.filter().toMap(), after, outcome);
    }

    @Override
    public Optional<BulkStep> step(int chunk, int window) {
        return tables.locked(() -> entries.values().stream()
                .filter(entry -> !entry.operation.state().isFinal())
                .filter(entry -> !entry.nextAt.isAfter(tables.now()))
                .min(Comparator.comparing(Entry::nextAt))
                .map(entry -> step(entry, chunk, window)));
    }

    private BulkStep step(Entry entry, int chunk, int window) {
        BulkOperation operation = entry.operation;
        Integer rate = operation.rate();
        int most = rate == null ? chunk : Math.min(chunk, rate);
        BulkTally tally = new BulkTally(operation.action(), operation.result());
        UUID place = entry.place;
        int looked = 0;
        int acted = 0;
        boolean done = true;
        for (StoredJob job : ahead(entry)) {
            if (looked == window || acted == most) {
                done = false;
                break;
            }
            looked++;
            place = job.id();
            if (JobListing.matches(operation.filter(), job)
                    && !job.facts.createdAt().isAfter(operation.startedAt())) {
                acted++;
                tally.add(job.id(), jobs.act(operation.action(), job.id(), entry.by));
            }
        }
        BulkOperation after = moved(operation, tally, done);
        long pause = rate == null ? 0 : acted * 1_000L / rate;
        Instant nextAt = tables.now().plus(Duration.ofMillis(pause));
        entries.remove(operation.id());
        entries.put(operation.id(), new Entry(after, entry.by, place, entry.bound, nextAt));
        if (done) {
            Map<String, String> counts = new TreeMap<>();
            after.result().skipped().forEach((reason, count) -> counts.put(reason, String.valueOf(count)));
            counts.put("matched", String.valueOf(after.result().matched()));
            counts.put("changed", String.valueOf(after.result().changed()));
            note(entry.by, after, counts, AuditEntry.DONE);
        }
        return new BulkStep(after, tally.lanes(), tally.ended(), tally.sessions());
    }

    /** A copy: the acts change the table. */
    private Collection<StoredJob> ahead(Entry entry) {
        if (entry.bound == null) {
            return List.of();
        }
        var upTo = tables.jobs.headMap(entry.bound, true);
        boolean isPast = entry.place != null && Tables.BY_ID.compare(entry.place, entry.bound) >= 0;
        return isPast
                ? List.of()
                : new ArrayList<>((entry.place == null ? upTo : upTo.tailMap(entry.place, false)).values());
    }

    private BulkOperation moved(BulkOperation was, BulkTally tally, boolean done) {
        return new BulkOperation(
                was.id(),
                was.action(),
                was.filter(),
                was.rate(),
                done ? BulkState.DONE : BulkState.RUNNING,
                tally.result(was.id(), done),
                was.actor(),
                was.startedAt(),
                done ? tables.now() : null);
    }

    @Override
    public Optional<BulkOperation> stop(UUID id, Caller by) {
        return tables.locked(() -> {
            Entry entry = entries.get(id);
            if (entry == null) {
                return Optional.empty();
            }
            BulkOperation was = entry.operation;
            if (was.state().isFinal()) {
                return Optional.of(was);
            }
            BulkResult result = was.result();
            BulkOperation stopped = new BulkOperation(
                    id,
                    was.action(),
                    was.filter(),
                    was.rate(),
                    BulkState.STOPPED,
                    new BulkResult(result.matched(), result.changed(), result.skipped(), true, id),
                    was.actor(),
                    was.startedAt(),
                    tables.now());
            entries.put(id, new Entry(stopped, entry.by, entry.place, entry.bound, entry.nextAt));
            audit.note(
                    by,
                    "bulk.stop",
                    id.toString(),
                    Map.of("state", BulkState.RUNNING.wireName()),
                    Map.of("state", BulkState.STOPPED.wireName()),
                    AuditEntry.DONE);
            return Optional.of(stopped);
        });
    }

    @Override
    public Optional<BulkOperation> find(UUID id) {
        return tables.locked(() -> Optional.ofNullable(entries.get(id)).map(Entry::operation));
    }

    @Override
    public List<BulkOperation> list(int limit) {
        return tables.locked(() -> entries.values().stream()
                .map(Entry::operation)
                .sorted(Comparator.comparing(BulkOperation::startedAt)
                        .thenComparing(BulkOperation::id, Tables.BY_ID)
                        .reversed())
                .limit(limit)
                .toList());
    }

    @Override
    public BulkCount count(JobFilter filter, @Nullable String cursor, int window) {
        return tables.locked(() -> new BulkCount(
                tables.jobs.values().stream()
                        .filter(job -> JobListing.matches(filter, job))
                        .count(),
                null));
    }
}
