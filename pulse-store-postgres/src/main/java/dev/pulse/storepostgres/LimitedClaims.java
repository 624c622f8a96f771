package dev.pulse.storepostgres;

import dev.pulse.model.Assignment;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.store.Claim;
import dev.pulse.store.LimitedClaim;
import dev.pulse.store.LimitedGrant;
import dev.pulse.store.LimitedGrant.Room;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Claims under limits. Stop 5 of the path; keeps I2, I4 and I7 as the plain claim does, in one transaction: hold the limits,
 * count what runs under them, claim what they leave room for, write down what was claimed.
 *
 * <p>The limits are exact because whoever counts holds them, and reads after it holds. Rejected: a counter that claims and
 * ends update (a row that everybody updates, E13, and ends of unlimited jobs would pay), and an index of running turns by
 * status (a claim would be no HOT update any more).
 */
final class LimitedClaims {
    /** When to ask again for a limit that another server holds just now: a claim is over in milliseconds. */
    private static final Duration BUSY = Duration.ofMillis(10);

    private LimitedClaims() {}

    /** A limit held by this transaction. */
    private record Hold(RunLimits limits, boolean seeded, double tokens, long elapsedMs) {
        double refilled() {
            return limits.refilled(tokens, Duration.ofMillis(elapsedMs));
        }
    }

    static LimitedGrant claim(Database.Calls calls, LimitedClaim asked) throws SQLException {
        Set<Scope> wanted = new TreeSet<>();
        asked.limits().values().forEach(wanted::addAll);
        Map<Scope, Hold> held = hold(calls, wanted);
        seed(calls, held);
        Map<Scope, Integer> rooms = rooms(held, count(calls, held.keySet()));
        List<Claim.LaneStart> open = open(asked, rooms);
        List<Assignment> granted = open.isEmpty() ? List.of() : claim(calls, asked, open, rooms);
        Map<Scope, Integer> started = started(asked, granted);
        note(calls, held, started, asked, granted);
        return new LimitedGrant(granted, left(wanted, held, rooms, started));
    }

    private static Map<Scope, Hold> hold(Database.Calls calls, Set<Scope> wanted) throws SQLException {
        Map<Scope, Hold> held = new TreeMap<>();
        scopes(calls.sql(Statement.LIMIT_HOLD), wanted)
                .list(row -> held.put(
                        new Scope(Scope.Kind.fromWire(row.getString("kind")), row.getString("name")),
                        new Hold(
                                PgSwitchStore.limits(row),
                                row.getBoolean("seeded"),
                                row.getDouble("tokens"),
                                row.getLong("elapsed_ms"))));
        return held;
    }

    private static void seed(Database.Calls calls, Map<Scope, Hold> held) throws SQLException {
        List<Scope> fresh = held.entrySet().stream()
                .filter(hold -> hold.getValue().limits().maxRunning() != null
                        && !hold.getValue().seeded())
                .map(Map.Entry::getKey)
                .toList();
        if (!fresh.isEmpty()) {
            scopes(calls.sql(Statement.LIMIT_SEED), fresh).update();
        }
    }

    private static Map<Scope, Long> count(Database.Calls calls, Set<Scope> held) throws SQLException {
        Map<Scope, Long> running = new HashMap<>();
        calls.sql(Statement.LIMIT_COUNT)
                .setArray("queues", "text", names(held, Scope.Kind.QUEUE))
                .setArray("types", "text", names(held, Scope.Kind.TYPE))
                .list(row -> running.put(
                        new Scope(Scope.Kind.fromWire(row.getString("kind")), row.getString("name")),
                        row.getLong("running")));
        return running;
    }

    private static Object[] names(Set<Scope> held, Scope.Kind kind) {
        return held.stream()
                .filter(scope -> scope.kind() == kind)
                .map(Scope::name)
                .toArray();
    }

    private static Map<Scope, Integer> rooms(Map<Scope, Hold> held, Map<Scope, Long> running) {
        Map<Scope, Integer> rooms = new HashMap<>();
        held.forEach((scope, hold) ->
                rooms.put(scope, hold.limits().room(running.getOrDefault(scope, 0L), hold.refilled())));
        return rooms;
    }

    /** The lanes of which something may start. A limit that is not held now leaves no room. */
    private static List<Claim.LaneStart> open(LimitedClaim asked, Map<Scope, Integer> rooms) {
        return asked.claim().from().stream()
                .filter(start -> asked.limits().getOrDefault(start.lane(), Set.of()).stream()
                        .allMatch(scope -> rooms.getOrDefault(scope, 0) > 0))
                .toList();
    }

    private static List<Assignment> claim(
            Database.Calls calls, LimitedClaim asked, List<Claim.LaneStart> open, Map<Scope, Integer> rooms)
            throws SQLException {
        Claim claim = asked.claim();
        return calls.sql(Statement.JOB_CLAIM_LIMITED)
                .setColumn("lanes", "int4", open, Claim.LaneStart::lane)
                .setColumn("priorities", "int4", open, Claim.LaneStart::priority)
                .setColumn("seqs", "int8", open, Claim.LaneStart::seq)
                .setColumn("queue_limits", "text", open, start -> name(limit(asked, start, Scope.Kind.QUEUE)))
                .setColumn("queue_rooms", "int4", open, start -> rooms.get(limit(asked, start, Scope.Kind.QUEUE)))
                .setColumn("type_limits", "text", open, start -> name(limit(asked, start, Scope.Kind.TYPE)))
                .setColumn("type_rooms", "int4", open, start -> rooms.get(limit(asked, start, Scope.Kind.TYPE)))
                .setUuids("sessions", new HashSet<>(claim.slots()))
                .setUuids("slots", claim.slots())
                .set("limit", (long) claim.slots().size())
                .set("switches", claim.switches())
                .list(PgJobStore::assignment);
    }

    private static @Nullable Scope limit(LimitedClaim asked, Claim.LaneStart start, Scope.Kind kind) {
        return asked.limits().getOrDefault(start.lane(), Set.of()).stream()
                .filter(scope -> scope.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String name(@Nullable Scope scope) {
        return scope == null ? null : scope.name();
    }

    private static Map<Scope, Integer> started(LimitedClaim asked, List<Assignment> granted) {
        Map<Scope, Integer> started = new HashMap<>();
        for (Assignment job : granted) {
            asked.limits()
                    .getOrDefault(job.token().lane(), Set.of())
                    .forEach(scope -> started.merge(scope, 1, Integer::sum));
        }
        return started;
    }

    private static void note(
            Database.Calls calls,
            Map<Scope, Hold> held,
            Map<Scope, Integer> started,
            LimitedClaim asked,
            List<Assignment> granted)
            throws SQLException {
        List<Scope> rated = held.entrySet().stream()
                .filter(hold -> hold.getValue().limits().rate() != null && started.containsKey(hold.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        List<Assignment> counted = granted.stream()
                .filter(job -> asked.limits().getOrDefault(job.token().lane(), Set.of()).stream()
                        .anyMatch(scope -> isCounted(held.get(scope))))
                .toList();
        if (rated.isEmpty() && counted.isEmpty()) {
            return;
        }
        scopes(calls.sql(Statement.LIMIT_NOTE), rated)
                .setArray(
                        "tokens",
                        "float8",
                        rated.stream()
                                .map(scope -> spent(held.get(scope), started.getOrDefault(scope, 0)))
                                .toArray())
                .setColumn("lanes", "int4", counted, job -> job.token().lane())
                .setColumn("seqs", "int8", counted, job -> job.token().seq())
                .setColumn("secrets", "uuid", counted, job -> job.token().secret())
                .update();
    }

    private static boolean isCounted(@Nullable Hold hold) {
        return hold != null && hold.limits().maxRunning() != null;
    }

    private static double spent(@Nullable Hold hold, int started) {
        return hold == null ? 0 : hold.refilled() - started;
    }

    private static Map<Scope, Room> left(
            Set<Scope> wanted, Map<Scope, Hold> held, Map<Scope, Integer> rooms, Map<Scope, Integer> started) {
        Map<Scope, Room> left = new HashMap<>();
        for (Scope scope : wanted) {
            Hold hold = held.get(scope);
            int used = started.getOrDefault(scope, 0);
            left.put(
                    scope,
                    hold == null
                            ? new Room(0, BUSY)
                            : new Room(
                                    rooms.getOrDefault(scope, 0) - used,
                                    hold.limits().untilNext(hold.refilled() - used)));
        }
        return left;
    }

    private static Sql scopes(Sql sql, Collection<Scope> scopes) throws SQLException {
        List<Scope> list = new ArrayList<>(scopes);
        return sql.setColumn("kinds", "text", list, scope -> scope.kind().wireName())
                .setColumn("names", "text", list, Scope::name);
    }
}
