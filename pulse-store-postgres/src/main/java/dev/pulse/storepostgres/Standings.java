package dev.pulse.storepostgres;

import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Reads how a waiting job stands: three bounded statements. */
final class Standings {
    /** Turns of a lane that are looked through for what runs. */
    private static final long LOOKED = 10_000;

    private Standings() {}

    static Optional<Standing> of(Database.Calls calls, UUID id) throws SQLException {
        Standing bare = calls.sql(Statement.STANDING_JOB)
                .set("id", id)
                .set("bound", Standing.MOST_BEFORE + 1L)
                .first(Standings::bare);
        if (bare == null) {
            return Optional.empty();
        }
        List<Setting> settings = new ArrayList<>();
        Map<Scope, Standing.Use> uses = new HashMap<>();
        calls.sql(Statement.STANDING_SWITCHES)
                .set("queue", bare.line().queue())
                .set("type", bare.line().type())
                .list(row -> {
                    Setting setting = PgSwitchStore.setting(row);
                    return settings.add(setting) && uses.put(setting.scope(), use(row, setting.limits())) == null;
                });
        Standing.Workers workers = calls.sql(Statement.STANDING_WORKERS)
                .set("queue", bare.line().queue())
                .set("type", bare.line().type())
                .set("bound", LOOKED)
                .first(row -> new Standing.Workers(
                        row.getInt("of_type"), row.getInt("sessions"), row.getLong("slots"), row.getLong("busy")));
        return Optional.of(new Standing(
                bare.status(),
                bare.attempt(),
                bare.runAt(),
                bare.now(),
                bare.line(),
                settings,
                uses,
                Objects.requireNonNull(workers)));
    }

    private static Standing bare(ResultSet row) throws SQLException {
        return new Standing(
                JobRow.status(row.getString("status")),
                row.getInt("attempt"),
                Sql.instant(row, "run_at"),
                Objects.requireNonNull(Sql.instant(row, "now")),
                new Standing.Line(
                        row.getString("queue"),
                        row.getString("type"),
                        row.getInt("priority"),
                        row.getLong("before"),
                        row.getBoolean("suspect")),
                List.of(),
                Map.of(),
                new Standing.Workers(0, 0, 0, 0));
    }

    private static Standing.Use use(ResultSet row, RunLimits limits) throws SQLException {
        return new Standing.Use(
                row.getLong("running"),
                limits.refilled(row.getDouble("tokens"), Duration.ofMillis(row.getLong("elapsed_ms"))));
    }
}
