package dev.pulse.storepostgres;

import dev.pulse.model.PulseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The day partitions of job and attempt: made ahead, so that an insert never finds its day missing. A job id carries its
 * time (UUID version 7), so a day is a range of ids. Runs at start and with the leader's housekeeping; thread-safe across
 * replicas by a lock on the control row.
 */
final class Days {
    private static final Logger LOG = LoggerFactory.getLogger(Days.class);

    static final int AHEAD = 7;
    /** A server that slept longer leaves a gap: ids of those days go to job_other. */
    private static final int MAX_DAYS = 60;

    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;

    private final Database control;

    Days(Database control) {
        this.control = control;
    }

    /** What the control row says. */
    private record Bounds(LocalDate until, LocalDate wanted) {
        boolean complete() {
            return !until.isBefore(wanted);
        }
    }

    /** Makes the days up to a week from now that do not exist yet. */
    void makeAhead() {
        if (control.write(Days::bounds).complete()) {
            return;
        }
        try {
            extend();
        } catch (PulseException e) {
            if (!(e.getCause() instanceof SQLException cause && PgErrors.isForbidden(cause))) {
                throw e;
            }
            // Ids without a day of their own go to job_other: slower to list and to drop, and nothing else.
            LOG.warn(
                    "this role may not make the tables of the days ahead: let the owner of schema {} run `pulse migrate`"
                            + " once a week ({})",
                    control.schema(),
                    cause.getMessage());
        }
    }

    private void extend() {
        control.transact(calls -> {
            Bounds bounds = bounds(calls);
            LocalDate next = bounds.until();
            for (int made = 0; next.isBefore(bounds.wanted()) && made < MAX_DAYS; made++) {
                make(calls.connection(), control.schema(), next);
                next = next.plusDays(1);
            }
            return calls.sql(Statement.DAY_EXTEND).set("day_until", start(next)).update();
        });
    }

    private static Bounds bounds(Database.Calls calls) throws SQLException {
        Bounds bounds = calls.sql(Statement.DAY_BOUNDS)
                .first(row -> new Bounds(
                        dayOf(Sql.uuid(row, "day_until")),
                        today(Objects.requireNonNull(Sql.instant(row, "now"))).plusDays(AHEAD + 1)));
        return Objects.requireNonNull(bounds, "the control row is missing");
    }

    /**
     * A table made beside and then attached: attaching takes a lock that traffic does not feel, while making a partition in
     * place would block it.
     */
    private static void make(Connection connection, String schema, LocalDate day) throws SQLException {
        try (java.sql.Statement ddl = connection.createStatement()) {
            ddl.execute("set local lock_timeout = '3s'");
            for (String statement : making(schema, day)) {
                ddl.execute(statement);
            }
        }
    }

    /** The name of a day's own table. */
    static String table(String schema, String table, LocalDate day) {
        return schema + "." + table + "_" + SUFFIX.format(day);
    }

    /** The statements that make one day. */
    static List<String> making(String schema, LocalDate day) {
        return Stream.of("job", "attempt")
                .flatMap(table -> {
                    String parent = schema + "." + table;
                    String name = table(schema, table, day);
                    return Stream.of(
                            "create table " + name + " (like " + parent + " including defaults including constraints)",
                            "alter table " + parent + " attach partition " + name + " for values from ('" + start(day)
                                    + "') to ('" + start(day.plusDays(1)) + "')");
                })
                .toList();
    }

    static LocalDate today(Instant now) {
        return now.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** The lowest id of a day. */
    static UUID start(LocalDate day) {
        return new UUID(day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli() << 16, 0);
    }

    static LocalDate dayOf(UUID start) {
        return today(Instant.ofEpochMilli(start.getMostSignificantBits() >>> 16));
    }
}
