package dev.pulse.storememory;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Scope;
import dev.pulse.model.Transition;
import dev.pulse.store.Claim;
import dev.pulse.store.LimitedClaim;
import dev.pulse.store.LimitedGrant;
import dev.pulse.store.LimitedGrant.Room;
import dev.pulse.storememory.StoredJob.Grant;
import dev.pulse.storememory.Valves.Valve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Grants ready jobs, one slot after the other. Stop 5 of the path. Touched under the lock of {@link Tables}. */
final class MemoryClaims {
    /** Best priority first, then whoever has been ready longest. */
    private static final Comparator<StoredJob> CLAIM_ORDER = Comparator.comparing(
                    (StoredJob job) -> job.facts.priority(), Comparator.reverseOrder())
            .thenComparing(job -> job.seq);

    private final Tables tables;
    private final RandomGenerator random;

    MemoryClaims(Tables tables, RandomGenerator random) {
        this.tables = tables;
        this.random = random;
    }

    List<Assignment> claim(Claim claim) {
        return claim(claim, Map.of());
    }

    LimitedGrant claim(LimitedClaim asked) {
        List<Assignment> granted = claim(asked.claim(), asked.limits());
        Set<Scope> wanted = new TreeSet<>();
        asked.limits().values().forEach(wanted::addAll);
        Map<Scope, Room> rooms = new HashMap<>();
        for (Scope scope : wanted) {
            Valve valve = tables.valves.find(scope);
            rooms.put(
                    scope,
                    valve == null
                            ? new Room(0, Duration.ZERO)
                            : new Room(room(scope), valve.limits().untilNext(valve.tokens(tables.now()))));
        }
        return new LimitedGrant(granted, rooms);
    }

    private List<Assignment> claim(Claim claim, Map<Integer, Set<Scope>> limits) {
        if (claim.switches() != Claim.ANY_SWITCHES && claim.switches() != tables.valves.version()) {
            return List.of();
        }
        Instant now = tables.now();
        List<Assignment> granted = new ArrayList<>();
        for (UUID slot : claim.slots()) {
            StoredSession session = tables.sessions.get(slot);
            if (session != null && !session.isEnded() && !tables.isLapsed(session, now)) {
                next(claim.from(), limits).ifPresent(job -> granted.add(grant(job, session, now, limits)));
            }
        }
        return List.copyOf(granted);
    }

    private Optional<StoredJob> next(List<Claim.LaneStart> lanes, Map<Integer, Set<Scope>> limits) {
        return lanes.stream()
                .filter(start ->
                        limits.getOrDefault(start.lane(), Set.of()).stream().allMatch(scope -> room(scope) > 0))
                .flatMap(start -> tables.firstReady(start.lane(), start.seq()).stream())
                .min(CLAIM_ORDER);
    }

    /** How many more may start under the limit; none where it is gone. */
    private int room(Scope scope) {
        Valve valve = tables.valves.find(scope);
        return valve == null ? 0 : valve.limits().room(running(scope), valve.tokens(tables.now()));
    }

    private long running(Scope scope) {
        return tables.running.values().stream()
                .filter(job -> scope.governs(job.facts.queue(), job.facts.type()))
                .count();
    }

    private Assignment grant(StoredJob job, StoredSession session, Instant now, Map<Integer, Set<Scope>> limits) {
        UUID secret = new UUID(random.nextLong(), random.nextLong());
        LeaseToken token = new LeaseToken(job.lane.number(), job.seq, secret);
        for (Scope scope : limits.getOrDefault(job.lane.number(), Set.of())) {
            Optional.ofNullable(tables.valves.find(scope)).ifPresent(valve -> valve.take(now));
        }
        tables.move(job, Transition.CLAIM, JobStatus.RUNNING, () -> {
            job.attempt++;
            job.charged++;
            job.grant = new Grant(session.spec.id(), session.spec.worker(), token, now);
        });
        return new Assignment(
                job.facts, token, session.spec.id(), job.attempt, job.isSuspect(), Duration.between(job.readyAt, now));
    }
}
