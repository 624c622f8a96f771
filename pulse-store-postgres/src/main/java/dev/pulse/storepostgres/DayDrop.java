package dev.pulse.storepostgres;

import dev.pulse.store.Pruned;
import dev.pulse.store.Retention;
import dev.pulse.store.Term;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Drops the oldest day when its retention has passed, after moving aside what must outlive it. Runs on the pruner's thread,
 * for the leader. Keeps P2 and I5.
 *
 * <p>In this order, and each step may be the last for now:
 *
 * <ol>
 *   <li>The day is closed: from that commit on, what is still written about its jobs goes to the tables beside the days, so
 *       that nobody on the hot path writes to a table that is being emptied.
 *   <li>What must stay is moved aside in small transactions that hold nothing but the rows they move. Statements see a job
 *       in its day or beside the days, never in both and never in neither.
 *   <li>One transaction keeps writers away from the day's own tables, moves what is left, and only then waits for the
 *       parents, {@value #PARENT_TRIES} times for {@value #PARENT_WAIT_MS} ms at most: while it waits, every submit and claim
 *       queues behind it. Once it has them it looks whether an operator requeued a job of the day meanwhile, and drops.
 * </ol>
 *
 * A statement that sees the old bounds holds the parents since before its snapshot, so the drop waits for it; one that waits
 * for the drop takes its snapshot after it. DETACH CONCURRENTLY would not wait with a lock, but cannot be in one transaction
 * with the last look, and PostgreSQL 13 does not have it.
 */
final class DayDrop {
    private static final int PARENT_TRIES = 20;
    private static final int PARENT_WAIT_MS = 100;
    /** Above deadlock_timeout, after which an autovacuum of the day gives way. */
    private static final int DAY_WAIT_MS = 3_000;

    private final Database control;

    DayDrop(Database control) {
        this.control = control;
    }

    /** @param due the first day that is not due, by the shortest retention */
    private record Bounds(LocalDate oldest, LocalDate openFrom, LocalDate until, LocalDate due) {}

    /** The day on its way out. */
    private record Day(LocalDate date, UUID from, UUID until) {
        static Day of(LocalDate date) {
            return new Day(date, Days.start(date), Days.start(date.plusDays(1)));
        }
    }

    /** One step; nothing where no day is due. */
    Pruned step(Term term, Retention keep) {
        Bounds bounds = control.<Bounds>read(calls -> Objects.requireNonNull(
                calls.sql(Statement.DAY_OLDEST)
                        .first(row -> new Bounds(
                                Days.dayOf(Sql.uuid(row, "history_from")),
                                Days.dayOf(Sql.uuid(row, "day_from")),
                                Days.dayOf(Sql.uuid(row, "day_until")),
                                Days.today(Objects.requireNonNull(Sql.instant(row, "now"))
                                        .minus(keep.shortest())))),
                "the control row is missing"));
        if (!bounds.oldest().isBefore(bounds.due()) || !bounds.oldest().isBefore(bounds.until())) {
            return Pruned.NOTHING;
        }
        Day day = Day.of(bounds.oldest());
        if (!bounds.openFrom().isAfter(day.date()) && !close(day, term)) {
            return Pruned.NOTHING;
        }
        List<UUID> stay = control.read(calls -> stay(calls, day, keep, keep.batchMax()));
        if (!stay.isEmpty()) {
            Integer moved = control.<@Nullable Integer>transact(calls -> move(calls, day, stay, term));
            return moved == null || moved == 0 ? blocked("jobs of the day are locked") : moved(moved);
        }
        return drop(day, keep, term);
    }

    private static Pruned moved(int jobs) {
        return new Pruned(0, jobs, 0, true, "");
    }

    private static Pruned blocked(String why) {
        return new Pruned(0, 0, 0, false, why);
    }

    private boolean close(Day day, Term term) {
        return control.write(calls -> calls.sql(Statement.DAY_CLOSE)
                        .set("from", day.from())
                        .set("until", day.until())
                        .set("server", term.server())
                        .set("term", term.number())
                        .update())
                > 0;
    }

    private static List<UUID> stay(Database.Calls calls, Day day, Retention keep, int limit) throws SQLException {
        return calls.sql(Statement.DAY_STAY)
                .set("from", day.from())
                .set("until", day.until())
                .set("completed_ms", keep.completed().toMillis())
                .set("canceled_ms", keep.canceled().toMillis())
                .set("dead_ms", millis(keep))
                .set("limit", limit)
                .list(row -> Sql.uuid(row, "job_id"));
    }

    static @Nullable Long millis(Retention keep) {
        return keep.deadLettered() == null ? null : keep.deadLettered().toMillis();
    }

    /** Returns how many it moved; null where this server leads no more. */
    private static @Nullable Integer move(Database.Calls calls, Day day, List<UUID> ids, Term term)
            throws SQLException {
        List<UUID> held = calls.sql(Statement.DAY_HOLD)
                .setUuids("ids", ids)
                .set("from", day.from())
                .set("until", day.until())
                .list(row -> Sql.uuid(row, "id"));
        if (!PgHistoryStore.holdRollup(calls, term)) {
            return null;
        }
        return calls.sql(Statement.DAY_MOVE)
                .setUuids("ids", held)
                .set("from", day.from())
                .set("until", day.until())
                .first(row -> row.getInt("moved"));
    }

    private Pruned drop(Day day, Retention keep, Term term) {
        try {
            return control.transact(calls -> {
                Connection connection = calls.connection();
                String schema = control.schema();
                execute(connection, "set local lock_timeout = '" + DAY_WAIT_MS + "ms'");
                execute(
                        connection,
                        "lock table only " + Days.table(schema, "job", day.date()) + ", only "
                                + Days.table(schema, "attempt", day.date()) + " in share row exclusive mode");
                List<UUID> late = stay(calls, day, keep, keep.batchMax());
                if (!late.isEmpty()) {
                    throw new NotNow("jobs of the day became unfinished meanwhile");
                }
                if (!PgHistoryStore.holdRollup(calls, term)) {
                    throw new NotNow("this server does not lead any more");
                }
                calls.sql(Statement.DAY_REST)
                        .set("from", day.from())
                        .set("until", day.until())
                        .list(row -> row.getLong("moved"));
                lockParents(connection, schema);
                Boolean busy = calls.sql(Statement.DAY_BUSY)
                        .set("from", day.from())
                        .set("until", day.until())
                        .first(row -> row.getBoolean("busy"));
                if (Boolean.TRUE.equals(busy)) {
                    throw new NotNow("a job of the day was requeued meanwhile");
                }
                int said = calls.sql(Statement.DAY_DROP)
                        .set("from", day.from())
                        .set("until", day.until())
                        .set("server", term.server())
                        .set("term", term.number())
                        .update();
                if (said == 0) {
                    throw new NotNow("this server does not lead any more");
                }
                execute(
                        connection,
                        "drop table " + Days.table(schema, "job", day.date()) + ", "
                                + Days.table(schema, "attempt", day.date()));
                return new Pruned(1, 0, 0, true, "");
            });
        } catch (NotNow e) {
            return blocked(e.reason);
        }
    }

    /** Short waits, because all traffic queues behind each; between them it flows. */
    private static void lockParents(Connection connection, String schema) throws SQLException {
        execute(connection, "set local lock_timeout = '" + PARENT_WAIT_MS + "ms'");
        for (int attempt = 1; ; attempt++) {
            Savepoint before = connection.setSavepoint();
            try {
                execute(
                        connection,
                        "lock table only " + schema + ".job, only " + schema + ".attempt in access exclusive mode");
                return;
            } catch (SQLException e) {
                if (!PgErrors.isLockTimeout(e)) {
                    throw e;
                }
                connection.rollback(before);
                if (attempt == PARENT_TRIES) {
                    throw new NotNow("a long statement holds the tables of jobs: see pg_stat_activity");
                }
                execute(connection, "select pg_sleep(0.1)");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Rolls the transaction back; the next round tries again. */
    private static final class NotNow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        NotNow(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
