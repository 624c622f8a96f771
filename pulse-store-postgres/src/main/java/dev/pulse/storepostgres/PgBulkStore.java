package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.BulkState;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.store.BulkCount;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStep;
import dev.pulse.store.BulkStore;
import dev.pulse.store.BulkTally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Acts on many jobs in PostgreSQL. A chunk is one transaction: it holds the operation's row, finds the next jobs, acts on
 * them through {@link JobActs} as on any other, and moves the operation's place. So whoever comes next goes on where the
 * last commit ended, whatever became of the process in between.
 */
final class PgBulkStore implements BulkStore {
    private static final int FOUND_BY_ID = 1;

    private final Database data;
    private final Database queries;
    private final JobActs acts = new JobActs();

    PgBulkStore(Database data, Database queries) {
        this.data = data;
        this.queries = queries;
    }

    /** A row of the table. */
    private record Row(BulkOperation operation, Caller by, String place, String bound) {}

    @Override
    public BulkOperation start(BulkOrder order) {
        return data.transact(calls -> {
            calls.sql(Statement.OPERATION_FORGET).update();
            Integer rate = order.rate();
            UUID added = calls.sql(Statement.OPERATION_ADD)
                    .set("id", order.id())
                    .set("action", order.action().wireName())
                    .set("filter", StringMaps.write(order.filter().toMap()))
                    .set("rate", rate == null ? null : Long.valueOf(rate))
                    .set("actor", order.by().name())
                    .set("address", order.by().from())
                    .set("driver", BulkScan.Driver.of(order.filter()).wireName())
                    .set("most", (long) MAX_UNFINISHED)
                    .first(row -> Sql.uuid(row, "id"));
            if (added == null) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        MAX_UNFINISHED + " operations on many jobs are unfinished: wait for one, or stop one");
            }
            note(calls, order.by(), order.action(), order.id(), order.filter().toMap(), Map.of(), "started");
            return Objects.requireNonNull(byId(calls, order.id()));
        });
    }

    @Override
    public Optional<BulkStep> step(int chunk, int window) {
        AtomicReference<@Nullable UUID> taken = new AtomicReference<>();
        try {
            return data.transact(calls -> {
                Row row = calls.sql(Statement.OPERATION_NEXT).first(PgBulkStore::row);
                taken.set(row == null ? null : row.operation().id());
                return row == null ? Optional.empty() : Optional.of(step(calls, row, chunk, window));
            });
        } catch (PulseException e) {
            UUID failed = taken.get();
            if (failed != null && e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                postpone(failed, e);
            }
            throw e;
        }
    }

    private void postpone(UUID id, PulseException because) {
        try {
            data.write(calls ->
                    calls.sql(Statement.OPERATION_POSTPONE).set("id", id).update());
        } catch (PulseException e) {
            because.addSuppressed(e); // the database is in trouble as a whole: everything waits
        }
    }

    private BulkStep step(Database.Calls calls, Row row, int chunk, int window) throws SQLException {
        BulkOperation operation = row.operation();
        Integer rate = operation.rate();
        int most = rate == null ? chunk : Math.min(chunk, rate);
        BulkScan.Found found = BulkScan.next(
                calls,
                operation.filter(),
                new BulkScan.Bounds(row.bound(), operation.startedAt()),
                row.place(),
                most,
                window);
        BulkTally tally = new BulkTally(operation.action(), operation.result());
        if (!found.ids().isEmpty()) {
            act(calls, operation.action(), found.ids(), row.by())
                    .forEach((id, change) -> tally.add(id, change.acted()));
        }
        BulkResult result = tally.result(operation.id(), found.done());
        Map<String, String> skipped = new TreeMap<>();
        result.skipped().forEach((reason, count) -> skipped.put(reason, String.valueOf(count)));
        Row moved = calls.sql(Statement.OPERATION_MOVE)
                .set("id", operation.id())
                .set("place", found.place())
                .set("matched", result.matched())
                .set("changed", result.changed())
                .set("skipped", StringMaps.write(skipped))
                .set("state", (found.done() ? BulkState.DONE : BulkState.RUNNING).wireName())
                .set("pause_ms", rate == null ? 0L : found.ids().size() * 1_000L / rate)
                .first(PgBulkStore::row);
        if (found.done()) {
            skipped.put("matched", String.valueOf(result.matched()));
            skipped.put("changed", String.valueOf(result.changed()));
            note(
                    calls,
                    row.by(),
                    operation.action(),
                    operation.id(),
                    operation.filter().toMap(),
                    skipped,
                    AuditEntry.DONE);
        }
        return new BulkStep(Objects.requireNonNull(moved).operation(), tally.lanes(), tally.ended(), tally.sessions());
    }

    private Map<UUID, JobActs.Change> act(Database.Calls calls, BulkAction action, List<UUID> ids, Caller by)
            throws SQLException {
        return switch (action) {
            case REQUEUE -> acts.requeue(calls, ids);
            case CANCEL -> acts.cancel(calls, ids, by.name());
            case DELETE -> acts.delete(calls, ids);
            case RUN_NOW -> acts.runNow(calls, ids);
        };
    }

    private static void note(
            Database.Calls calls,
            Caller by,
            BulkAction action,
            UUID id,
            Map<String, String> before,
            Map<String, String> after,
            String outcome)
            throws SQLException {
        AuditLog.note(calls, by, "bulk." + action.wireName(), id.toString(), before, after, outcome);
    }

    @Override
    public Optional<BulkOperation> stop(UUID id, Caller by) {
        return data.transact(calls -> {
            UUID stopped = calls.sql(Statement.OPERATION_STOP).set("id", id).first(row -> Sql.uuid(row, "id"));
            if (stopped != null) {
                AuditLog.note(
                        calls,
                        by,
                        "bulk.stop",
                        id.toString(),
                        Map.of("state", BulkState.RUNNING.wireName()),
                        Map.of("state", BulkState.STOPPED.wireName()),
                        AuditEntry.DONE);
            }
            return Optional.ofNullable(byId(calls, id));
        });
    }

    @Override
    public Optional<BulkOperation> find(UUID id) {
        return data.read(calls -> Optional.ofNullable(byId(calls, id)));
    }

    private static @Nullable BulkOperation byId(Database.Calls calls, UUID id) throws SQLException {
        return calls.sql(Statement.OPERATION_FIND)
                .set("id", id)
                .set("limit", (long) FOUND_BY_ID)
                .first(row -> row(row).operation());
    }

    @Override
    public List<BulkOperation> list(int limit) {
        return queries.read(calls -> calls.sql(Statement.OPERATION_FIND)
                .set("id", (UUID) null)
                .set("limit", (long) limit)
                .list(row -> row(row).operation()));
    }

    @Override
    public BulkCount count(JobFilter filter, @Nullable String cursor, int window) {
        JobStatus status = filter.status();
        JobFilter simple = new JobFilter(status, filter.type(), filter.queue(), Map.of(), null, null, null, null);
        if (cursor == null && BulkScan.Driver.of(filter) != BulkScan.Driver.FACTS && filter.equals(simple)) {
            return queries.read(calls -> new BulkCount(
                    Objects.requireNonNull(calls.sql(Statement.BULK_COUNT)
                            .set("status", Objects.requireNonNull(status).wireName())
                            .set("type", filter.type())
                            .set("queue", filter.queue())
                            .first(row -> row.getLong("n"))),
                    null));
        }
        return queries.read(calls -> {
            BulkScan.Found found = BulkScan.next(calls, filter, cursor, window);
            return new BulkCount(found.ids().size(), found.done() ? null : found.place());
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        UUID id = Sql.uuid(row, "id");
        BulkState state = BulkState.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        TreeMap<String, Long> skipped = new TreeMap<>();
        StringMaps.read(row.getString("skipped")).forEach((reason, count) -> skipped.put(reason, Long.valueOf(count)));
        BulkOperation operation = new BulkOperation(
                id,
                BulkAction.fromWire(row.getString("action")).orElseThrow(),
                JobFilter.fromMap(StringMaps.read(row.getString("filter"))),
                row.getObject("rate", Integer.class),
                state,
                new BulkResult(row.getLong("matched"), row.getLong("changed"), skipped, state.isFinal(), id),
                row.getString("actor"),
                Objects.requireNonNull(Sql.instant(row, "started_at")),
                Sql.instant(row, "finished_at"));
        Caller by = new Caller(operation.actor(), row.getString("address"));
        return new Row(operation, by, row.getString("place"), row.getString("bound"));
    }
}
