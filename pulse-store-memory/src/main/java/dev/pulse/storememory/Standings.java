package dev.pulse.storememory;

import dev.pulse.model.JobStatus;
import dev.pulse.model.Scope;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Setting;
import dev.pulse.model.Standing;
import dev.pulse.storememory.Valves.Valve;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Says how a waiting job stands. Touched under the lock of {@link Tables}. */
final class Standings {
    private final Tables tables;

    Standings(Tables tables) {
        this.tables = tables;
    }

    Optional<Standing> of(StoredJob job) {
        if (job.status.isFinal() || job.status == JobStatus.RUNNING) {
            return Optional.empty();
        }
        List<Setting> settings = new ArrayList<>();
        Map<Scope, Standing.Use> uses = new HashMap<>();
        for (Scope scope : List.of(Scope.DISPATCH, Scope.queue(job.facts.queue()), Scope.type(job.facts.type()))) {
            Valve valve = tables.valves.find(scope);
            if (valve != null) {
                settings.add(valve.setting());
                uses.put(scope, new Standing.Use(running(scope), valve.tokens(tables.now())));
            }
        }
        Standing.Line line = new Standing.Line(
                job.facts.queue(),
                job.facts.type(),
                job.facts.priority(),
                job.status == JobStatus.PENDING ? before(job) : 0,
                job.lane.suspect());
        return Optional.of(
                new Standing(job.status, job.attempt, job.runAt, tables.now(), line, settings, uses, workers(job)));
    }

    private long before(StoredJob job) {
        return tables.jobs.values().stream()
                .filter(other -> other.status == JobStatus.PENDING
                        && other.lane.number() == job.lane.number()
                        && other.seq < job.seq)
                .limit(Standing.MOST_BEFORE + 1L)
                .count();
    }

    private long running(Scope scope) {
        return tables.running.values().stream()
                .filter(job -> scope.governs(job.facts.queue(), job.facts.type()))
                .count();
    }

    private Standing.Workers workers(StoredJob job) {
        List<SessionSpec> ofType = tables.sessions.values().stream()
                .filter(session -> !session.isEnded() && !tables.isLapsed(session, tables.now()))
                .map(session -> session.spec)
                .filter(spec -> spec.types().contains(job.facts.type()))
                .toList();
        List<SessionSpec> serving = ofType.stream()
                .filter(spec -> spec.serves(job.facts.type(), job.facts.queue()))
                .toList();
        return new Standing.Workers(
                ofType.size(),
                serving.size(),
                serving.stream().mapToLong(SessionSpec::slots).sum(),
                serving.stream()
                        .mapToLong(spec -> Math.min(spec.slots(), held(spec.id())))
                        .sum());
    }

    private long held(UUID session) {
        return tables.running.values().stream()
                .filter(job -> job.liveGrant().session().equals(session))
                .count();
    }
}
