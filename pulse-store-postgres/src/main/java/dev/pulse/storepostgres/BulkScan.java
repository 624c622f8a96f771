package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the jobs of a filter once, a window of rows at a time, in the order of the table that holds their status: so
 * that a chunk costs the same however many jobs there are and however few of them match.
 */
final class BulkScan {
    /** The table whose order is followed. */
    enum Driver {
        FACTS(Statement.BULK_FACTS),
        DUE(Statement.BULK_DUE),
        DEAD(Statement.BULK_DEAD),
        TURN(Statement.BULK_TURN);

        private static final Pattern SEAT = Pattern.compile("\\d{1,9}/\\d{1,18}");
        private static final UUID BEYOND_ALL = new UUID(-1L, -1L);

        private final Statement statement;

        Driver(Statement statement) {
            this.statement = statement;
        }

        static Driver of(JobFilter filter) {
            return switch (filter.status()) {
                case SCHEDULED, RETRYING -> DUE;
                case PENDING, RUNNING -> TURN;
                case DEAD_LETTERED -> DEAD;
                case COMPLETED, CANCELED -> FACTS;
                case null -> FACTS;
            };
        }

        String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        private String beyondAll() {
            return this == TURN ? String.valueOf(Long.MAX_VALUE) : BEYOND_ALL.toString();
        }

        private boolean isPlace(String text) {
            if (this == TURN) {
                return SEAT.matcher(text).matches();
            }
            try {
                return UUID.fromString(text).toString().equals(text);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** As far as an operation may go. */
    record Bounds(String last, Instant submittedBy) {}

    /**
     * The jobs found.
     *
     * @param place where to go on
     * @param done whether nothing follows
     */
    record Found(List<UUID> ids, String place, boolean done) {}

    private BulkScan() {}

    /** The next jobs of an operation: at most {@code chunk} of them, found among {@code window} rows. */
    static Found next(Database.Calls calls, JobFilter filter, Bounds bounds, String place, int chunk, int window)
            throws SQLException {
        List<UUID> ids = new ArrayList<>();
        String[] last = {place};
        long[] looked = {0};
        JobStatus status = filter.status();
        UUID schedule = filter.scheduleId();
        calls.sql(Driver.of(filter).statement)
                .set("place", place)
                .set("bound", bounds.last())
                .set("started", bounds.submittedBy())
                .set("status", status == null ? null : status.wireName())
                .set("type", filter.type())
                .set("queue", filter.queue())
                .set("origin", filter.origin())
                .set("tags", StringMaps.write(filter.tags()))
                .set("text", filter.text())
                .set("since", filter.since())
                .set("until", filter.until())
                .set("bundle", filter.bundleId())
                .set("schedule", schedule == null ? null : schedule.toString())
                .set("window", (long) window)
                .set("chunk", (long) chunk)
                .list(row -> {
                    UUID id = Sql.uuid(row, "id");
                    boolean isFull = ids.size() == chunk;
                    if (id != null) {
                        ids.add(id);
                        last[0] = row.getString("place");
                        return true;
                    }
                    looked[0] = row.getLong("looked");
                    String end = row.getString("place");
                    last[0] = isFull || end == null ? last[0] : end;
                    return false;
                });
        return new Found(ids, last[0], ids.size() < chunk && looked[0] < window);
    }

    /** The same without an end: for counting. */
    static Found next(Database.Calls calls, JobFilter filter, @Nullable String cursor, int window) throws SQLException {
        Driver driver = Driver.of(filter);
        if (cursor != null && !driver.isPlace(cursor)) {
            throw new PulseException(ErrorCode.INVALID_QUERY, "cursor: not one that this count gave");
        }
        Bounds all = new Bounds(driver.beyondAll(), Instant.parse("9999-12-31T00:00:00Z"));
        return next(calls, filter, all, cursor == null ? "" : cursor, window, window);
    }
}
