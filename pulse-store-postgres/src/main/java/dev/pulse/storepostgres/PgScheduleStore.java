package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.store.Fired;
import dev.pulse.store.Firing;
import dev.pulse.store.FiringDecider;
import dev.pulse.store.Inserted;
import dev.pulse.store.Place;
import dev.pulse.store.ScheduleDescription;
import dev.pulse.store.ScheduleStore;
import dev.pulse.store.Term;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Schedules in PostgreSQL. Runs on the caller's thread. Keeps I6; each statement says in its header how. */
final class PgScheduleStore implements ScheduleStore {
    /** Schedules at most: each is a row that somebody has to know about. */
    private static final int MOST = 100_000;

    private final Database data;
    private final Database queries;
    private final Database control;
    private final ScheduleFiring firing;

    PgScheduleStore(Database data, Database queries, Database control, JobInserter jobs) {
        this.data = data;
        this.queries = queries;
        this.control = control;
        this.firing = new ScheduleFiring(jobs);
    }

    @Override
    public ScheduleInfo create(Function<Instant, ScheduleInfo> open, Caller by) {
        return data.transact(calls -> {
            Instant now = Objects.requireNonNull(
                    calls.sql(Statement.CLOCK).first(row -> Objects.requireNonNull(Sql.instant(row, "now"))));
            ScheduleInfo schedule = open.apply(now);
            ScheduleInfo stored = ScheduleRow.bind(calls.sql(Statement.SCHEDULE_ADD), schedule)
                    .set("now", now)
                    .set("most", MOST)
                    .first(ScheduleRow::schedule);
            if (stored == null) {
                throw taken(calls, schedule);
            }
            AuditLog.note(
                    calls,
                    by,
                    "schedule.create",
                    stored.id().toString(),
                    Map.of(),
                    ScheduleDescription.of(stored),
                    AuditEntry.DONE);
            return stored;
        });
    }

    private static PulseException taken(Database.Calls calls, ScheduleInfo schedule) throws SQLException {
        String name = schedule.spec().name();
        ScheduleInfo other = find(calls, schedule.id(), name);
        if (other == null) {
            return new PulseException(
                    ErrorCode.LIMIT_REACHED,
                    MOST + " schedules are stored already; delete some, or let one schedule do the work of many");
        }
        return other.id().equals(schedule.id())
                ? new PulseException(ErrorCode.ID_CONFLICT, "id: " + other.id() + " is the id of another schedule")
                : nameTaken(name, other.id());
    }

    private static PulseException nameTaken(@Nullable String name, @Nullable UUID holder) {
        return new PulseException(
                ErrorCode.NAME_CONFLICT,
                "name: \"" + name + "\" is the name of "
                        + (holder == null ? "another schedule" : "schedule " + holder));
    }

    private static @Nullable ScheduleInfo find(Database.Calls calls, @Nullable UUID id, @Nullable String name)
            throws SQLException {
        return calls.sql(Statement.SCHEDULE_FIND)
                .set("id", id)
                .set("name", name)
                .first(ScheduleRow::schedule);
    }

    @Override
    public Optional<ScheduleInfo> find(UUID id) {
        return data.read(calls -> Optional.ofNullable(find(calls, id, null)));
    }

    @Override
    public Optional<ScheduleInfo> named(String name) {
        return data.read(calls -> Optional.ofNullable(find(calls, null, name)));
    }

    private static Place place(ScheduleInfo schedule) {
        return new Place(schedule.createdAt(), schedule.id());
    }

    @Override
    public SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor) {
        Place before = Place.parse(cursor);
        ScheduleStatus status = filter.status();
        List<ScheduleInfo> found = queries.read(calls -> calls.sql(Statement.SCHEDULE_LIST)
                .set("before_at", before.createdAt())
                .set("before", before.id())
                .set("status", status == null ? null : status.wireName())
                .set("type", filter.type())
                .set("queue", filter.queue())
                .setQueues("within", filter.within())
                .set("name", filter.name())
                .set("limit", limit + 1L)
                .list(ScheduleRow::schedule));
        return found.size() <= limit
                ? new SchedulePage(found, null)
                : new SchedulePage(
                        found.subList(0, limit), place(found.get(limit - 1)).cursor());
    }

    /** A schedule that is held, and the moment. */
    private record HeldSchedule(ScheduleInfo schedule, Instant now) {
        static HeldSchedule of(ResultSet row) throws SQLException {
            return new HeldSchedule(ScheduleRow.schedule(row), Objects.requireNonNull(Sql.instant(row, "now")));
        }
    }

    private static @Nullable HeldSchedule hold(Database.Calls calls, UUID id) throws SQLException {
        return calls.sql(Statement.SCHEDULE_HOLD).set("id", id).first(HeldSchedule::of);
    }

    @Override
    public Optional<ScheduleInfo> change(UUID id, String action, Change change, Caller by) {
        return data.transact(calls -> {
            HeldSchedule held = hold(calls, id);
            if (held == null) {
                return Optional.empty();
            }
            ScheduleInfo before = held.schedule();
            ScheduleInfo after = change.on(before, held.now());
            if (after == before) {
                return Optional.of(before);
            }
            ScheduleInfo stored = put(calls, after);
            AuditLog.note(
                    calls,
                    by,
                    action,
                    id.toString(),
                    ScheduleDescription.of(before),
                    ScheduleDescription.of(stored),
                    AuditEntry.DONE);
            return Optional.of(stored);
        });
    }

    private static ScheduleInfo put(Database.Calls calls, ScheduleInfo schedule) throws SQLException {
        try {
            return Objects.requireNonNull(ScheduleRow.bind(calls.sql(Statement.SCHEDULE_PUT), schedule)
                    .first(ScheduleRow::schedule));
        } catch (SQLException e) {
            if (PgErrors.isTaken(e)) {
                throw nameTaken(schedule.spec().name(), null);
            }
            throw e;
        }
    }

    @Override
    public Optional<ScheduleInfo> delete(UUID id, Caller by) {
        return data.transact(calls -> {
            HeldSchedule held = hold(calls, id);
            if (held == null) {
                return Optional.empty();
            }
            calls.sql(Statement.SCHEDULE_DROP).set("id", id).update();
            AuditLog.note(
                    calls,
                    by,
                    "schedule.delete",
                    id.toString(),
                    ScheduleDescription.of(held.schedule()),
                    Map.of(),
                    AuditEntry.DONE);
            return Optional.of(held.schedule());
        });
    }

    @Override
    public FirePage fires(UUID id, int limit, @Nullable String cursor) {
        Instant before = Place.parseInstant(cursor);
        List<Fire> found = queries.read(calls -> calls.sql(Statement.OCCURRENCE_LIST)
                .set("id", id)
                .set("before", before)
                .set("limit", limit + 1L)
                .list(row -> new Fire(
                        Objects.requireNonNull(Sql.instant(row, "at")),
                        Objects.requireNonNull(Sql.instant(row, "fired_at")),
                        Sql.uuid(row, "job_id"),
                        row.getLong("coalesced"),
                        row.getBoolean("manual"))));
        return found.size() <= limit
                ? new FirePage(found, null)
                : new FirePage(
                        found.subList(0, limit),
                        found.get(limit - 1).occurrence().toString());
    }

    @Override
    public Fired fire(int limit, FiringDecider decider) {
        return data.transact(calls -> firing.fire(calls, limit, decider));
    }

    @Override
    public Optional<Fired> runNow(UUID id, FireByHand job, Caller by) {
        return data.transact(calls -> {
            HeldSchedule held = hold(calls, id);
            if (held == null) {
                return Optional.empty();
            }
            // The clock's own microsecond may be a planned instant: then the next one is the act's.
            Instant at = held.now();
            while (true) {
                Firing.Occurrence occurrence = new Firing.Occurrence(at, 0, job.job(held.schedule(), at));
                List<ScheduleFiring.Offer> offers = List.of(new ScheduleFiring.Offer(id, occurrence, true));
                Set<Integer> fresh = firing.store(calls, offers);
                if (!fresh.isEmpty()) {
                    List<Inserted.Stored> stored = firing.submit(calls, offers, fresh);
                    calls.sql(Statement.SCHEDULE_COUNT).set("id", id).update();
                    AuditLog.note(
                            calls,
                            by,
                            "schedule.run_now",
                            id.toString(),
                            Map.of(),
                            Map.of("job_id", stored.getFirst().id().toString()),
                            AuditEntry.DONE);
                    return Optional.of(new Fired(1, stored, null, Duration.ZERO));
                }
                at = at.plusNanos(1_000);
            }
        });
    }

    @Override
    public @Nullable Duration untilNext() {
        return data.read(ScheduleFiring::untilNext);
    }

    @Override
    public int zonesAre(String version) {
        Integer moved = control.write(calls ->
                calls.sql(Statement.SCHEDULE_ZONES).set("version", version).first(row -> row.getInt("n")));
        return moved == null ? 0 : moved;
    }

    @Override
    public List<ScheduleInfo> declared(String by, Set<String> names, QueueSet within) {
        return data.write(calls -> calls.sql(Statement.SCHEDULE_DECLARED)
                .set("by", by)
                .setArray("names", "text", names.toArray())
                .setQueues("within", within)
                .list(ScheduleRow::schedule));
    }

    @Override
    public int forget(Term term, Duration retention, int limit) {
        Integer gone = control.write(calls -> calls.sql(Statement.SCHEDULE_FORGET)
                .set("server", term.server())
                .set("term", term.number())
                .set("keep_ms", retention.toMillis())
                .set("limit", (long) limit)
                .first(row -> row.getInt("n")));
        return gone == null ? 0 : gone;
    }
}
