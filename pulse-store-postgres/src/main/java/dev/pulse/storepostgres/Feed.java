package dev.pulse.storepostgres;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventKind;
import dev.pulse.model.EventPage;
import dev.pulse.store.Term;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the feed as events. A row tells of all jobs that one statement touched, so that the statements of the hot path
 * pay one row for a batch; here it is taken apart. Thread-safe.
 */
final class Feed {
    private static final int SLOTS = 8;

    private final LaneRegistry lanes;
    private final Map<Integer, LaneRegistry.Key> known = new ConcurrentHashMap<>();

    Feed(LaneRegistry lanes) {
        this.lanes = lanes;
    }

    /** How far the feed reaches, and the last row that was dropped. */
    record Ends(long horizon, long droppedPosition, long droppedSeq) {
        EventCursor end() {
            return new EventCursor(horizon, 0, 0);
        }

        /** The first place behind what was dropped. */
        EventCursor earliest() {
            return droppedPosition < 0 ? EventCursor.START : new EventCursor(droppedPosition, droppedSeq + 1, 0);
        }

        /** Whether something at the place or behind it was dropped. */
        boolean isGapAt(EventCursor from) {
            return droppedPosition > from.position() || droppedPosition == from.position() && droppedSeq >= from.seq();
        }
    }

    /** A page and the ends of the feed as they were when it was read. */
    record Read(EventPage page, Ends ends) {}

    /** One row, or none where the feed has nothing there. */
    private record Line(Ends ends, @Nullable List<Event> events) {}

    Ends ends(Database.Calls calls) throws SQLException {
        return Objects.requireNonNull(calls.sql(Statement.FEED_END).first(Feed::ends), "the control row is missing");
    }

    Read read(Database.Calls calls, EventCursor from, int limit) throws SQLException {
        List<Line> lines = calls.sql(Statement.EVENT_READ)
                .set("position", from.position())
                .set("seq", from.seq())
                .set("rows", limit + 1L)
                .set("events", (long) limit + from.place() + 1)
                .list(this::line);
        Ends ends = lines.getFirst().ends();
        List<Event> events = new ArrayList<>();
        for (Line line : lines) {
            if (line.events() != null) {
                line.events().stream()
                        .filter(event -> event.id().compareTo(from) >= 0)
                        .forEach(events::add);
            }
        }
        boolean more = events.size() > limit;
        EventCursor next;
        if (more) {
            next = events.get(limit).id();
        } else {
            next = ends.end().compareTo(from) > 0 ? ends.end() : from;
        }
        List<Event> page = more ? events.subList(0, limit) : events;
        return new Read(new EventPage(page, next, more, ends.isGapAt(from)), ends);
    }

    private static Ends ends(ResultSet row) throws SQLException {
        return new Ends(row.getLong("horizon"), row.getLong("dropped_position"), row.getLong("dropped_seq"));
    }

    private Line line(ResultSet row) throws SQLException {
        Ends ends = ends(row);
        String[] kinds = array(row, "kinds");
        if (kinds == null) {
            return new Line(ends, null);
        }
        UUID[] subjects = Objects.requireNonNull(array(row, "subjects"));
        Integer[] lane = Objects.requireNonNull(array(row, "lanes"));
        Integer[] attempts = Objects.requireNonNull(array(row, "attempts"));
        long position = row.getLong("position");
        long seq = row.getLong("seq");
        Instant at = Objects.requireNonNull(Sql.instant(row, "at"));
        String bundleType = row.getString("bundle_type");
        List<Event> events = new ArrayList<>(kinds.length);
        for (int i = 0; i < kinds.length; i++) {
            EventKind kind = kind(kinds[i]);
            LaneRegistry.Key line = kind == EventKind.BUNDLE_COMPLETED ? null : key(lane[i]);
            events.add(new Event(
                    new EventCursor(position, seq, i),
                    at,
                    kind,
                    subjects[i],
                    line == null ? Objects.requireNonNullElse(bundleType, "") : line.type(),
                    line == null ? null : line.queue(),
                    attempts[i]));
        }
        return new Line(ends, events);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the driver's class for the column's type
    static <T> T @Nullable [] array(ResultSet row, String column) throws SQLException {
        java.sql.Array array = row.getArray(column);
        return array == null ? null : (T[]) array.getArray();
    }

    static EventKind kind(String wireName) {
        return EventKind.fromWire(wireName)
                .orElseThrow(() -> new IllegalStateException("event kind " + wireName + " is of a newer version"));
    }

    private LaneRegistry.Key key(int lane) {
        return known.computeIfAbsent(lane, lanes::key);
    }

    /** Moves the feed on in a cluster that a dump was restored into; else does nothing. Before anything is written. */
    static void shift(Database control) {
        control.write(calls -> calls.sql(Statement.FEED_SHIFT).update());
    }

    /** Drops the days whose events are all older; returns how many. */
    static int prune(Database control, Term term, Duration keep) {
        int dropped = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            int day = slot;
            if (control.read(calls -> newest(calls, day, keep)).isPresent()) {
                dropped += control.transact(calls -> drop(calls, control.schema(), day, term, keep)) ? 1 : 0;
            }
        }
        return dropped;
    }

    private record Place(long position, long seq) {}

    private static Optional<Place> newest(Database.Calls calls, int slot, Duration keep) throws SQLException {
        return Optional.ofNullable(calls.sql(Statement.FEED_NEWEST)
                .set("slot", slot)
                .set("keep_ms", keep.toMillis())
                .first(row -> new Place(row.getLong("position"), row.getLong("seq"))));
    }

    /**
     * Emptied under a lock that nobody is made to wait for: whoever writes or reads there now makes us give up until the
     * next time. Looked at again under it, because what is still undecided may lie there.
     */
    private static boolean drop(Database.Calls calls, String schema, int slot, Term term, Duration keep)
            throws SQLException {
        Connection connection = calls.connection();
        try (java.sql.Statement ddl = connection.createStatement()) {
            ddl.execute("set local lock_timeout = '100ms'");
            ddl.execute("lock table " + schema + ".event_" + slot + " in access exclusive mode");
            Optional<Place> last = newest(calls, slot, keep);
            if (last.isEmpty()) {
                return false;
            }
            int noted = calls.sql(Statement.FEED_DROP)
                    .set("position", last.get().position())
                    .set("seq", last.get().seq())
                    .set("server", term.server())
                    .set("term", term.number())
                    .update();
            if (noted == 1) {
                ddl.execute("truncate " + schema + ".event_" + slot);
            }
            return noted == 1;
        }
    }
}
