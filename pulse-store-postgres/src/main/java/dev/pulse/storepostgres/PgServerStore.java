package dev.pulse.storepostgres;

import dev.pulse.model.ServerInfo;
import dev.pulse.store.ServerStore;
import dev.pulse.store.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the replicas share, in PostgreSQL, on the control pool. */
final class PgServerStore implements ServerStore {
    private final Database control;
    private final Days days;

    PgServerStore(Database control, Days days) {
        this.control = control;
        this.days = days;
    }

    @Override
    public void beat(UUID server, String name, String version) {
        control.write(calls -> calls.sql(Statement.SERVER_BEAT)
                .set("id", server)
                .set("name", name)
                .set("version", version)
                .update());
    }

    @Override
    public void leave(UUID server) {
        control.write(
                calls -> calls.sql(Statement.SERVER_LEAVE).set("id", server).update());
    }

    @Override
    public List<ServerInfo> servers() {
        return control.read(calls -> calls.sql(Statement.SERVER_LIST)
                .list(row -> new ServerInfo(
                        Sql.uuid(row, "id"),
                        row.getString("name"),
                        row.getString("version"),
                        Objects.requireNonNull(Sql.instant(row, "started_at")),
                        Objects.requireNonNull(Sql.instant(row, "last_seen")),
                        row.getBoolean("leader"))));
    }

    @Override
    public Optional<Term> lead(UUID server, Duration ttl) {
        return control.write(calls -> Optional.ofNullable(calls.sql(Statement.LEADER_TAKE)
                .set("server", server)
                .set("ttl_ms", ttl.toMillis())
                .first(row -> new Term(server, row.getLong("leader_term")))));
    }

    @Override
    public void raiseLeaseFloor() {
        raiseFloor(null);
    }

    @Override
    public boolean raiseLeaseFloorAfter(Duration silence) {
        return raiseFloor(silence.toMillis()) > 0;
    }

    private int raiseFloor(@Nullable Long silenceMs) {
        return control.write(calls ->
                calls.sql(Statement.FLOOR_RAISE).set("silence_ms", silenceMs).update());
    }

    @Override
    public void tidy(Term term) {
        days.makeAhead();
        control.write(calls -> calls.sql(Statement.SESSION_FORGET)
                .set("server", term.server())
                .set("term", term.number())
                .update());
        control.write(calls -> calls.sql(Statement.CANCEL_FORGET)
                .set("server", term.server())
                .set("term", term.number())
                .update());
        control.write(calls -> calls.sql(Statement.SERVER_FORGET).update());
    }

    @Override
    public Instant now() {
        return control.read(calls -> {
            Instant now = calls.sql(Statement.CLOCK).first(row -> Objects.requireNonNull(Sql.instant(row, "now")));
            return Objects.requireNonNull(now);
        });
    }
}
