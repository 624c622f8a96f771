package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists of jobs, newest first, page by page. Runs on the caller's thread.
 *
 * <p>Each list is driven by what holds its status: turns, due, dead, the history, or else the facts; always by a key that
 * only goes down, so that a later page costs as much as the first. A filter that matches little must not read for ever: a
 * statement looks at a bounded stretch and says where it ended, the next one goes on there with a longer stretch, and after
 * {@link Bounds#effort} the page is answered as it is, with a cursor that goes on. Such a page is shorter than
 * asked for, and may be empty.
 */
final class JobLister {
    /**
     * How far one page looks.
     *
     * @param effort units of work after which a page is answered as it is
     * @param look most rows in one statement
     * @param turns more turns than this are not sorted for a page
     */
    record Bounds(long effort, int look, int turns) {
        /** Half a second of looking, about; a statement stays far below that. */
        static final Bounds DEFAULT = new Bounds(500_000, 20_000, 20_000);
    }

    /** What a job costs whose status has to be found, against one that its facts rule out. */
    private static final long PROBE_EFFORT = 20;

    private static final int LOOK_GROWS = 4;
    /** What the time of a day's id may differ from the moment of its submission, as job_insert has it, and a minute. */
    private static final Duration ID_SKEW = Duration.ofMinutes(61);

    private static final UUID BEYOND_ALL = new UUID(-1L, -1L);
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** Lists in the order of list_id, which carries the time of the submission; other lists go by any id. */
    private static final Set<Statement> TIMED = EnumSet.of(
            Statement.JOB_LIST, Statement.JOB_LIST_BUNDLE, Statement.JOB_LIST_COMPLETED, Statement.JOB_LIST_CANCELED);

    private final Database queries;
    private final Bounds bounds;

    JobLister(Database queries, Bounds bounds) {
        this.queries = queries;
        this.bounds = bounds;
    }

    /** One row of a look; every row carries what is said of the whole. */
    private record Found(UUID place, Job job) {}

    /** What one statement saw. */
    private record Look(long looked, long fitting, @Nullable UUID reached, boolean crowded, List<Found> found) {}

    JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        UUID before = cursor == null ? BEYOND_ALL : place(cursor);
        return queries.read(calls -> page(calls, filter, limit, before));
    }

    private JobPage page(Database.Calls calls, JobFilter filter, int limit, UUID start) throws SQLException {
        Statement statement = driver(filter);
        UUID before = start;
        List<Found> page = new ArrayList<>();
        long effort = 0;
        int look = Math.min(bounds.look(), limit + 1);
        while (true) {
            Look seen = look(calls, statement, filter, limit + 1 - page.size(), look, before);
            if (seen.crowded()) {
                // Only once: neither of the statements that take over is ever crowded.
                statement = filter.status() == JobStatus.RUNNING ? Statement.JOB_LIST_RUNNING : Statement.JOB_LIST;
                continue;
            }
            page.addAll(seen.found());
            if (page.size() > limit) {
                return page(page.subList(0, limit), page.get(limit - 1).place());
            }
            boolean all = statement == Statement.JOB_LIST_TURN ? seen.fitting() < look : seen.looked() < look;
            if (all || seen.reached() == null) {
                return page(page, null);
            }
            before = seen.reached();
            effort += seen.looked() + seen.fitting() * PROBE_EFFORT;
            if (effort >= bounds.effort()) {
                return page(page, before);
            }
            look = Math.min(bounds.look(), look * LOOK_GROWS);
        }
    }

    private static JobPage page(List<Found> found, @Nullable UUID next) {
        return new JobPage(found.stream().map(Found::job).toList(), next == null ? null : next.toString());
    }

    private static Statement driver(JobFilter filter) {
        if (filter.scheduleId() != null) {
            return Statement.JOB_LIST_SCHEDULE;
        }
        if (filter.bundleId() != null) {
            return Statement.JOB_LIST_BUNDLE;
        }
        return switch (filter.status()) {
            case SCHEDULED, RETRYING -> Statement.JOB_LIST_DUE;
            case DEAD_LETTERED -> Statement.JOB_LIST_DEAD;
            case PENDING, RUNNING -> Statement.JOB_LIST_TURN;
            case COMPLETED -> Statement.JOB_LIST_COMPLETED;
            case CANCELED -> Statement.JOB_LIST_CANCELED;
            case null -> Statement.JOB_LIST;
        };
    }

    private Look look(Database.Calls calls, Statement statement, JobFilter filter, int limit, int look, UUID before)
            throws SQLException {
        JobStatus status = filter.status();
        List<Found> found = new ArrayList<>();
        boolean timed = TIMED.contains(statement);
        Sql sql = calls.sql(statement)
                .set("before", timed ? earlier(before, until(filter)) : before)
                .set("after", timed ? since(filter) : BEFORE_ALL)
                .set("look", look)
                .set("limit", limit)
                .set("bundle", filter.bundleId())
                .set("schedule", filter.scheduleId())
                .set("status", status == null ? null : status.wireName())
                .set("type", filter.type())
                .set("queue", filter.queue())
                .set("origin", filter.origin())
                .set("tags", StringMaps.write(filter.tags()))
                .set("text", filter.text())
                .set("since", filter.since())
                .set("until", filter.until());
        if (statement == Statement.JOB_LIST_TURN) {
            sql.set("most", bounds.turns());
        }
        List<Look> rows = sql.list(row -> {
            if (row.getObject("place") != null) {
                found.add(new Found(Sql.uuid(row, "place"), JobRow.job(row, List.of())));
            }
            return whole(row, found);
        });
        return rows.getFirst();
    }

    private static Look whole(ResultSet row, List<Found> found) throws SQLException {
        return new Look(
                row.getLong("looked"),
                row.getLong("fitting"),
                row.getObject("reached", UUID.class),
                row.getBoolean("crowded"),
                found);
    }

    private static UUID place(String cursor) {
        try {
            return UUID.fromString(cursor);
        } catch (IllegalArgumentException e) {
            throw new PulseException(ErrorCode.INVALID_QUERY, "cursor: not one that a page of this list gave", e);
        }
    }

    /** An id carries its time: what was created before {@code since} need not be looked at. */
    private static UUID since(JobFilter filter) {
        Instant since = filter.since();
        return since == null ? BEFORE_ALL : first(since.minus(ID_SKEW));
    }

    private static UUID until(JobFilter filter) {
        Instant until = filter.until();
        return until == null ? BEYOND_ALL : first(until.plus(ID_SKEW));
    }

    private static UUID earlier(UUID a, UUID b) {
        int order = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return order < 0
                        || order == 0
                                && Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits()) < 0
                ? a
                : b;
    }

    private static UUID first(Instant at) {
        long millis = Math.clamp(at.toEpochMilli(), 0, (1L << 48) - 1);
        return new UUID(millis << 16, 0);
    }
}
