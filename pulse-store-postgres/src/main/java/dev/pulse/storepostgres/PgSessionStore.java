package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Held;
import dev.pulse.store.Report;
import dev.pulse.store.SessionStore;
import dev.pulse.store.Swept;
import dev.pulse.store.Term;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases in PostgreSQL, on the control pool so that no work delays a heartbeat. Stops 7 and 10 of the path; keeps I2, I3. */
final class PgSessionStore implements SessionStore {
    /** Turns that one ending statement of a sweep takes. */
    private static final int END_BATCH = 500;

    private final Database control;
    private final AttemptEnder ender;

    PgSessionStore(Database control, AttemptEnder ender) {
        this.control = control;
        this.ender = ender;
    }

    @Override
    public boolean open(SessionSpec spec) {
        Boolean there = control.<@Nullable Boolean>write(calls -> calls.sql(Statement.SESSION_OPEN)
                .set("id", spec.id())
                .set("worker", spec.worker())
                .setArray("types", "text", spec.types().stream().sorted().toArray())
                .setArray("queues", "text", spec.queues().stream().sorted().toArray())
                .set("slots", spec.slots())
                .set("ttl_ms", spec.leaseTtl().toMillis())
                .set("owner", spec.owner())
                .first(row -> row.getBoolean("there")));
        if (there == null) {
            throw isAlive(spec.id())
                    ? new PulseException(ErrorCode.SESSION_NOT_FOUND, "no live session " + spec.id())
                    : new PulseException(
                            ErrorCode.SESSION_ENDED, "session " + spec.id() + " has ended and is never revived");
        }
        return there;
    }

    private boolean isAlive(UUID session) {
        return control.read(calls -> Optional.ofNullable(
                        calls.sql(Statement.SESSION_ALIVE).set("id", session).first(row -> Sql.uuid(row, "id"))))
                .isPresent();
    }

    @Override
    public Set<UUID> heartbeat(Set<UUID> sessions) {
        return sessions.isEmpty()
                ? Set.of()
                : control.write(calls -> calls.sql(Statement.SESSION_BEAT)
                        .setUuids("ids", sessions)
                        .set(row -> Sql.uuid(row, "id")));
    }

    @Override
    public List<CancelRequest> cancelRequests(Set<UUID> sessions) {
        return sessions.isEmpty()
                ? List.of()
                : control.read(calls -> calls.sql(Statement.CANCEL_LIST)
                        .setUuids("sessions", sessions)
                        .list(row -> new CancelRequest(Sql.uuid(row, "session"), Sql.uuid(row, "job_id"), token(row))));
    }

    @Override
    public List<Held> heldBy(UUID session) {
        return control.read(calls -> calls.sql(Statement.SESSION_TURNS)
                .setUuids("sessions", List.of(session))
                .list(row -> new Held(Sql.uuid(row, "job_id"), token(row), Duration.ofMillis(row.getLong("age_ms")))));
    }

    @Override
    public void close(UUID session) {
        control.write(
                calls -> calls.sql(Statement.SESSION_CLOSE).set("id", session).update());
    }

    @Override
    public List<SessionInfo> sessions() {
        return control.read(calls -> calls.sql(Statement.SESSION_LIST)
                .list(row -> new SessionInfo(
                        spec(row),
                        Objects.requireNonNull(Sql.instant(row, "started_at")),
                        Objects.requireNonNull(Sql.instant(row, "heartbeat_at")),
                        row.getInt("running"))));
    }

    @Override
    public Optional<SessionSpec> find(UUID session) {
        return control.read(calls -> Optional.ofNullable(
                calls.sql(Statement.SESSION_FIND).set("id", session).first(PgSessionStore::spec)));
    }

    @Override
    public Swept sweep(Term term, int limit, Decider decider) {
        return control.transact(calls -> {
            int[] braked = new int[1];
            List<UUID> swept = new ArrayList<>();
            List<UUID> lapsed = new ArrayList<>();
            calls.sql(Statement.SESSION_LAPSE)
                    .set("server", term.server())
                    .set("term", term.number())
                    .set("limit", limit)
                    .list(row -> {
                        UUID id = row.getObject("id", UUID.class);
                        braked[0] = row.getInt("braked");
                        return (row.getBoolean("lapsed") && lapsed.add(id)) | (id != null && swept.add(id));
                    });
            List<Report> lapses = AttemptEnder.lapses(calls, swept);
            List<Ended> ended = new ArrayList<>();
            for (int from = 0; from < lapses.size(); from += END_BATCH) {
                List<Report> batch = lapses.subList(from, Math.min(lapses.size(), from + END_BATCH));
                for (Ended attempt : ender.end(calls, batch, decider)) {
                    if (attempt.status() != null) { // else a report was faster than the lock: it counts
                        ended.add(attempt);
                    }
                }
            }
            return new Swept(lapsed, ended, braked[0]);
        });
    }

    private static LeaseToken token(ResultSet row) throws SQLException {
        return new LeaseToken(row.getInt("lane"), row.getLong("seq"), Sql.uuid(row, "token"));
    }

    private static SessionSpec spec(ResultSet row) throws SQLException {
        return new SessionSpec(
                Sql.uuid(row, "id"),
                row.getString("worker"),
                Set.of((String[]) row.getArray("types").getArray()),
                Set.of((String[]) row.getArray("queues").getArray()),
                row.getInt("slots"),
                Duration.ofMillis(row.getLong("ttl_ms")),
                row.getString("owner"));
    }
}
