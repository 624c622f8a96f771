package dev.pulse.storepostgres;

import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.store.Due;
import dev.pulse.store.Fired;
import dev.pulse.store.Firing;
import dev.pulse.store.FiringDecider;
import dev.pulse.store.Inserted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires schedules, in one transaction that holds them: their occurrences first, then the jobs of those that are new, then
 * where each schedule stands. Keeps I6 twice, by the lock and by the key of the occurrence, so that a rule that was edited
 * and a clock that went back cannot fire an instant again.
 */
final class ScheduleFiring {
    private static final Logger log = LoggerFactory.getLogger(ScheduleFiring.class);

    private final JobInserter inserter;

    ScheduleFiring(JobInserter inserter) {
        this.inserter = inserter;
    }

    /** A row that was taken: a schedule, or why it is none. */
    private record Taken(
            UUID id,
            @Nullable ScheduleInfo schedule,
            Instant now,
            @Nullable UUID lastJob,
            @Nullable String fault) {
        static Taken of(ResultSet row) throws SQLException {
            UUID id = Sql.uuid(row, "id");
            Instant now = Objects.requireNonNull(Sql.instant(row, "now"));
            try {
                return new Taken(id, ScheduleRow.schedule(row), now, Sql.nullableUuid(row, "last_job"), null);
            } catch (SQLException e) {
                throw e;
            } catch (RuntimeException e) {
                return new Taken(id, null, now, null, "its row cannot be read: " + e.getMessage());
            }
        }

        /** Whether the decision depends on the job before. */
        boolean asksBefore() {
            return lastJob != null
                    && schedule != null
                    && (schedule.spec().overlap() != Overlap.ALLOW
                            || schedule.spec().timing().rule() instanceof ScheduleRule.Every every
                                    && every.pace() == ScheduleRule.Pace.FIXED_DELAY);
        }
    }

    private record Decided(ScheduleInfo schedule, Firing firing) {}

    /** An occurrence about to be stored. */
    record Offer(UUID schedule, Firing.Occurrence occurrence, boolean manual) {}

    Fired fire(Database.Calls calls, int limit, FiringDecider decider) throws SQLException {
        List<Taken> taken =
                calls.sql(Statement.SCHEDULE_DUE).set("limit", (long) limit).list(Taken::of);
        List<Decided> decided = decide(taken, before(calls, taken), decider);
        for (Taken broken : taken) {
            if (broken.fault() != null) {
                park(calls, broken.id(), broken.fault());
            }
        }
        List<Offer> offers = decided.stream()
                .flatMap(one -> one.firing().made().stream()
                        .map(made -> new Offer(one.schedule().id(), made, false)))
                .toList();
        Set<Integer> fresh = store(calls, offers);
        List<Inserted.Stored> jobs = submit(calls, offers, fresh);
        move(calls, moves(decided, offers, fresh));
        return new Fired(taken.size(), jobs, untilNext(calls), latest(taken, offers, fresh));
    }

    /** Those that fit into one transaction; the others stay due. */
    private static List<Decided> decide(List<Taken> taken, Map<UUID, Due.Before> before, FiringDecider decider) {
        List<Decided> decided = new ArrayList<>();
        int jobs = 0;
        for (Taken one : taken) {
            ScheduleInfo schedule = one.schedule();
            if (schedule == null) {
                continue;
            }
            UUID last = one.lastJob();
            Firing firing = decider.decide(new Due(schedule, one.now(), last == null ? null : before.get(last)));
            jobs += firing.made().size();
            if (jobs > Firing.MOST && !decided.isEmpty()) {
                return decided;
            }
            decided.add(new Decided(schedule, firing));
        }
        return decided;
    }

    private static Map<UUID, Due.Before> before(Database.Calls calls, List<Taken> taken) throws SQLException {
        List<UUID> ids =
                taken.stream().filter(Taken::asksBefore).map(Taken::lastJob).toList();
        Map<UUID, Due.Before> before = new HashMap<>();
        if (!ids.isEmpty()) {
            calls.sql(Statement.SCHEDULE_BEFORE)
                    .setUuids("ids", ids)
                    .list(row -> before.put(
                            Sql.uuid(row, "id"),
                            new Due.Before(row.getBoolean("live"), Sql.instant(row, "finished_at"))));
        }
        return before;
    }

    private static void park(Database.Calls calls, UUID id, String fault) throws SQLException {
        log.error("schedule {} is parked: {}", id, fault);
        calls.sql(Statement.SCHEDULE_PARK).set("id", id).set("fault", fault).update();
    }

    /** The places of those that are new. */
    Set<Integer> store(Database.Calls calls, List<Offer> offers) throws SQLException {
        if (offers.isEmpty()) {
            return Set.of();
        }
        return calls.sql(Statement.OCCURRENCE_ADD)
                .setPlaces("places", offers.size())
                .setColumn("schedules", "uuid", offers, Offer::schedule)
                .setColumn(
                        "instants",
                        "timestamptz",
                        offers,
                        offer -> utc(offer.occurrence().at()))
                .setColumn(
                        "job_ids",
                        "uuid",
                        offers,
                        offer -> offer.occurrence().job().id())
                .setColumn(
                        "coalesced", "int8", offers, offer -> offer.occurrence().coalesced())
                .setColumn("manuals", "bool", offers, Offer::manual)
                .set(row -> row.getInt("place"));
    }

    /** The jobs of the occurrences that are new. */
    List<Inserted.Stored> submit(Database.Calls calls, List<Offer> offers, Set<Integer> fresh) throws SQLException {
        List<Offer> made = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            if (fresh.contains(i)) {
                made.add(offers.get(i));
            }
        }
        if (made.isEmpty()) {
            return List.of();
        }
        List<Inserted.Stored> stored = new ArrayList<>();
        for (Inserted answer : inserter.insertWithin(
                calls, made.stream().map(offer -> offer.occurrence().job()).toList())) {
            if (!(answer instanceof Inserted.Stored job)) {
                throw new IllegalStateException("the job of an occurrence was not stored: " + answer);
            }
            stored.add(job);
        }
        return stored;
    }

    /** A schedule with what was decided about it, and what was stored. */
    private record Move(
            ScheduleInfo schedule,
            Firing firing,
            long fired,
            @Nullable UUID lastJob) {}

    private static List<Move> moves(List<Decided> decided, List<Offer> offers, Set<Integer> fresh) {
        Map<UUID, Long> fired = new HashMap<>();
        Map<UUID, UUID> last = new HashMap<>();
        for (int i = 0; i < offers.size(); i++) {
            if (fresh.contains(i)) {
                UUID schedule = offers.get(i).schedule();
                fired.merge(schedule, 1L, Long::sum);
                last.put(schedule, offers.get(i).occurrence().job().id());
            }
        }
        return decided.stream()
                .map(one -> new Move(
                        one.schedule(),
                        one.firing(),
                        fired.getOrDefault(one.schedule().id(), 0L),
                        last.get(one.schedule().id())))
                .toList();
    }

    private static void move(Database.Calls calls, List<Move> moves) throws SQLException {
        if (moves.isEmpty()) {
            return;
        }
        int moved = counts(calls.sql(Statement.SCHEDULE_MOVE), moves)
                .setColumn("ids", "uuid", moves, move -> move.schedule().id())
                .setColumn(
                        "statuses",
                        "text",
                        moves,
                        move -> move.firing().status().wireName())
                .setColumn("faults", "text", moves, move -> move.firing().fault())
                .setColumn(
                        "anchors",
                        "timestamptz",
                        moves,
                        move -> utc(move.firing().anchor()))
                .setColumn(
                        "cursors",
                        "timestamptz",
                        moves,
                        move -> utc(move.firing().cursor()))
                .setColumn(
                        "nexts", "timestamptz", moves, move -> utc(move.firing().nextAt()))
                .setColumn("waitings", "bool", moves, move -> move.firing().waiting())
                .setColumn(
                        "looks",
                        "int8",
                        moves,
                        move -> JobColumns.millis(move.firing().lookIn()))
                .setColumn("last_jobs", "uuid", moves, Move::lastJob)
                .update();
        if (moved != moves.size()) {
            throw new IllegalStateException("moved " + moved + " of " + moves.size() + " schedules");
        }
    }

    private static Sql counts(Sql sql, List<Move> moves) throws SQLException {
        return sql.setColumn("fired", "int8", moves, Move::fired)
                .setColumn(
                        "coalesced", "int8", moves, move -> move.firing().more().coalesced())
                .setColumn(
                        "skipped", "int8", moves, move -> move.firing().more().skipped())
                .setColumn(
                        "overlapped",
                        "int8",
                        moves,
                        move -> move.firing().more().overlapped());
    }

    static @Nullable Duration untilNext(Database.Calls calls) throws SQLException {
        return calls.sql(Statement.SCHEDULE_NEXT).first(row -> Duration.ofMillis(row.getLong("ms")));
    }

    private static Duration latest(List<Taken> taken, List<Offer> offers, Set<Integer> fresh) {
        Duration latest = Duration.ZERO;
        for (int i = 0; i < offers.size(); i++) {
            Instant at = offers.get(i).occurrence().at();
            Duration lag = Duration.between(at, taken.getFirst().now());
            latest = fresh.contains(i) && lag.compareTo(latest) > 0 ? lag : latest;
        }
        return latest;
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
