package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import dev.pulse.store.SwitchStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Pauses and limits in PostgreSQL. Changes go on the control pool, so that no work delays the one button that an operator
 * needs; one holds the control row, which makes them go one after the other.
 */
final class PgSwitchStore implements SwitchStore {
    /** Stands for the moment of the change, which only the database knows: see switch_put. */
    private static final Instant NOW = Instant.MAX;

    private final Database control;
    private final Database queries;

    PgSwitchStore(Database control, Database queries) {
        this.control = control;
        this.queries = queries;
    }

    @Override
    public Switches read() {
        return control.read(calls -> {
            long[] version = new long[1];
            List<Setting> settings = new ArrayList<>();
            calls.sql(Statement.SWITCH_LIST).list(row -> {
                version[0] = row.getLong("switch_version");
                return row.getString("kind") != null && settings.add(setting(row));
            });
            return new Switches(version[0], settings);
        });
    }

    @Override
    public Setting pause(Scope scope, @Nullable String reason, Caller by) {
        return change(scope, "pause", by, before -> {
            Pause old = before.pause();
            Pause pause = old == null
                    ? new Pause(reason, by.name(), NOW)
                    : reason == null ? old : new Pause(reason, by.name(), old.since());
            return new Setting(scope, pause, before.limits());
        });
    }

    @Override
    public Setting resume(Scope scope, Caller by) {
        return change(scope, "resume", by, before -> new Setting(scope, null, before.limits()));
    }

    @Override
    public Setting limit(Scope scope, LimitChange change, Caller by) {
        if (scope.kind() == Scope.Kind.DISPATCH) {
            throw new IllegalArgumentException("limits are for queues and types");
        }
        return change(scope, "limit", by, before -> new Setting(scope, before.pause(), change.on(before.limits())));
    }

    private Setting change(Scope scope, String act, Caller by, UnaryOperator<Setting> change) {
        return control.transact(calls -> {
            calls.sql(Statement.SWITCH_VERSION).list(row -> row.getLong(1));
            Setting found = of(calls, Statement.SWITCH_FIND, scope).first(PgSwitchStore::setting);
            Setting before = found == null ? Setting.open(scope) : found;
            Setting after = change.apply(before);
            if (before.limits().maxRunning() != null && after.limits().maxRunning() == null) {
                of(calls, Statement.LIMITED_DROP, scope).update();
            }
            AuditLog.note(
                    calls,
                    by,
                    scope.kind().wireName() + "." + act,
                    scope.name(),
                    before.described(),
                    after.described(),
                    AuditEntry.DONE);
            if (after.isOpen()) {
                of(calls, Statement.SWITCH_DROP, scope).update();
                return after;
            }
            return put(calls, after);
        });
    }

    private static Setting put(Database.Calls calls, Setting after) throws SQLException {
        Pause pause = after.pause();
        RunLimits limits = after.limits();
        Integer maxRunning = limits.maxRunning();
        Setting stored = of(calls, Statement.SWITCH_PUT, after.scope())
                .set("since", pause == null || pause.since().equals(NOW) ? null : pause.since())
                .set("by", pause == null ? null : pause.by())
                .set("reason", pause == null ? null : pause.reason())
                .set("max_running", maxRunning == null ? null : Long.valueOf(maxRunning))
                .set("rate", limits.rate())
                .set("tokens", Double.valueOf(limits.burst()))
                .set("most", (long) Switches.MOST)
                .first(PgSwitchStore::setting);
        if (stored == null) {
            throw tooMany(after.scope());
        }
        return stored;
    }

    private static PulseException tooMany(Scope scope) {
        return new PulseException(
                ErrorCode.LIMIT_REACHED,
                Switches.MOST + " queues and types are paused or limited already: resume some, or take limits away,"
                        + " before " + scope + " is set");
    }

    private static Sql of(Database.Calls calls, Statement statement, Scope scope) {
        return calls.sql(statement).set("kind", scope.kind().wireName()).set("name", scope.name());
    }

    @Override
    public List<LineInfo> lines(Scope.Kind kind) {
        Map<Scope, Setting> set = read().byScope();
        return queries.read(calls -> {
            Map<Scope, Map<JobStatus, Long>> counts = new TreeMap<>();
            set.keySet().stream()
                    .filter(scope -> scope.kind() == kind)
                    .forEach(scope -> counts.put(scope, new EnumMap<>(JobStatus.class)));
            calls.sql(Statement.LINE_COUNTS).set("kind", kind.wireName()).list(row -> {
                Map<JobStatus, Long> of = counts.computeIfAbsent(
                        new Scope(kind, row.getString("name")), scope -> new EnumMap<>(JobStatus.class));
                String status = row.getString("status");
                return status != null && of.put(JobRow.status(status), row.getLong("n")) == null;
            });
            Map<String, Duration> oldest = new HashMap<>();
            calls.sql(Statement.LINE_OLDEST)
                    .set("kind", kind.wireName())
                    .list(row -> oldest.put(row.getString("name"), Duration.ofMillis(row.getLong("ms"))));
            return counts.entrySet().stream()
                    .map(line -> new LineInfo(
                            set.getOrDefault(line.getKey(), Setting.open(line.getKey())),
                            line.getValue(),
                            oldest.get(line.getKey().name())))
                    .toList();
        });
    }

    static Setting setting(ResultSet row) throws SQLException {
        Scope scope = new Scope(Scope.Kind.fromWire(row.getString("kind")), row.getString("name"));
        String by = row.getString("paused_by");
        Pause pause = by == null
                ? null
                : new Pause(row.getString("reason"), by, Objects.requireNonNull(Sql.instant(row, "paused_at")));
        return new Setting(scope, pause, limits(row));
    }

    static RunLimits limits(ResultSet row) throws SQLException {
        return new RunLimits(row.getObject("max_running", Integer.class), row.getObject("rate", Double.class));
    }
}
