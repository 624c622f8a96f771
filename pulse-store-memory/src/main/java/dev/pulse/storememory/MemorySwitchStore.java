package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import dev.pulse.store.Lane;
import dev.pulse.store.SwitchStore;
import dev.pulse.storememory.Valves.Valve;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pauses and limits. Any thread. */
final class MemorySwitchStore implements SwitchStore {
    private static final Set<JobStatus> COUNTED = EnumSet.of(
            JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.RUNNING, JobStatus.RETRYING, JobStatus.DEAD_LETTERED);

    private final Tables tables;
    private final MemoryAuditStore audit;

    MemorySwitchStore(Tables tables, MemoryAuditStore audit) {
        this.tables = tables;
        this.audit = audit;
    }

    @Override
    public Switches read() {
        return tables.locked(() -> tables.valves.switches());
    }

    @Override
    public Setting pause(Scope scope, @Nullable String reason, Caller by) {
        return change(scope, "pause", by, before -> {
            Pause old = before.pause();
            Pause pause = old == null
                    ? new Pause(reason, by.name(), tables.now())
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
        return tables.locked(() -> {
            Valve valve = tables.valves.find(scope);
            Setting before = valve == null ? Setting.open(scope) : valve.setting();
            Setting after = change.apply(before);
            if (valve == null && !after.isOpen() && tables.valves.size() >= Switches.MOST) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        Switches.MOST + " queues and types are paused or limited already: resume some, or take limits"
                                + " away, before " + scope + " is set");
            }
            tables.valves.set(after, tables.now());
            audit.note(
                    by,
                    scope.kind().wireName() + "." + act,
                    scope.name(),
                    before.described(),
                    after.described(),
                    AuditEntry.DONE);
            return after;
        });
    }

    @Override
    public List<LineInfo> lines(Scope.Kind kind) {
        return tables.locked(() -> {
            Map<Scope, Map<JobStatus, Long>> counts = new TreeMap<>();
            tables.lanes().forEach(lane -> counts.put(scope(kind, lane), new EnumMap<>(JobStatus.class)));
            tables.valves.switches().settings().stream()
                    .map(Setting::scope)
                    .filter(scope -> scope.kind() == kind)
                    .forEach(scope -> counts.put(scope, new EnumMap<>(JobStatus.class)));
            Map<Scope, Instant> oldest = new HashMap<>();
            for (StoredJob job : tables.jobs.values()) {
                Scope scope = scope(kind, job.lane);
                if (COUNTED.contains(job.status)) {
                    counts.computeIfAbsent(scope, unseen -> new EnumMap<>(JobStatus.class))
                            .merge(job.status, 1L, Long::sum);
                }
                if (job.status == JobStatus.PENDING) {
                    oldest.merge(scope, job.readyAt, (a, b) -> a.isBefore(b) ? a : b);
                }
            }
            return counts.entrySet().stream()
                    .map(line -> info(line.getKey(), line.getValue(), oldest.get(line.getKey())))
                    .toList();
        });
    }

    private LineInfo info(Scope scope, Map<JobStatus, Long> counts, @Nullable Instant oldest) {
        Valve valve = tables.valves.find(scope);
        return new LineInfo(
                valve == null ? Setting.open(scope) : valve.setting(),
                counts,
                oldest == null ? null : Duration.between(oldest, tables.now()));
    }

    private static Scope scope(Scope.Kind kind, Lane lane) {
        return kind == Scope.Kind.QUEUE ? Scope.queue(lane.queue()) : Scope.type(lane.type());
    }
}
