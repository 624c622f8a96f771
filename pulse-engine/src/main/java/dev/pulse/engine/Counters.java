package dev.pulse.engine;

import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the roles count. Any thread. */
final class Counters {
    final LongAdder submits = new LongAdder();
    final LongAdder inserts = new LongAdder();
    final LongAdder insertedRows = new LongAdder();
    final LongAdder refusedFull = new LongAdder();
    final LongAdder claims = new LongAdder();
    final LongAdder emptyClaims = new LongAdder();
    final LongAdder fullScans = new LongAdder();
    final LongAdder granted = new LongAdder();
    final LongAdder handedBack = new LongAdder();
    final LongAdder reportFlushes = new LongAdder();
    final LongAdder applied = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder unknown = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder heartbeats = new LongAdder();
    final LongAdder heartbeatFlushes = new LongAdder();
    final LongAdder lapsedSessions = new LongAdder();
    final LongAdder lapsedJobs = new LongAdder();
    final LongAdder brakes = new LongAdder();
    final LongAdder floorsRaised = new LongAdder();
    final LongAdder promoted = new LongAdder();
    final LongAdder bundlesFolded = new LongAdder();
    final LongAdder bundlesFinished = new LongAdder();
    final LongAdder schedulesFired = new LongAdder();
    final LongAdder prunedDays = new LongAdder();
    final LongAdder prunedJobs = new LongAdder();
    final LongAdder agentFailures = new LongAdder();

    /** From ready to claimed. */
    final Histogram starts = Histogram.ofTimes();
    /** From claimed to reported, of attempts that were claimed and reported here. */
    final Histogram attempts = Histogram.ofTimes();

    final Histogram submitBatches = Histogram.ofSizes();
    final Histogram claimBatches = Histogram.ofSizes();
    final Histogram reportBatches = Histogram.ofSizes();

    private final Map<JobStatus, LongAdder> movedTo = adders(JobStatus.class);
    private final Map<OutcomeKind, LongAdder> outcomes = adders(OutcomeKind.class);

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            adders.put(constant, new LongAdder());
        }
        return adders;
    }

    private static <E extends Enum<E>> Map<E, Long> sums(Class<E> type, Map<E, LongAdder> adders) {
        Map<E, Long> sums = new EnumMap<>(type);
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }

    /** An attempt was ended, and its job moved to that status. */
    void ended(JobStatus status) {
        Objects.requireNonNull(movedTo.get(status)).increment();
    }

    /** A report with that outcome counted for the first time. */
    void outcome(OutcomeKind kind) {
        Objects.requireNonNull(outcomes.get(kind)).increment();
    }

    /** Attempts ended because their lease did. */
    void lapsed(long attempts) {
        Objects.requireNonNull(outcomes.get(OutcomeKind.LAPSE)).add(attempts);
    }

    EngineStats snapshot(EngineStats.Now now) {
        return new EngineStats(
                new EngineStats.Submits(
                        submits.sum(), inserts.sum(), insertedRows.sum(), refusedFull.sum(), submitBatches.read()),
                new EngineStats.Claims(
                        claims.sum(),
                        emptyClaims.sum(),
                        fullScans.sum(),
                        granted.sum(),
                        handedBack.sum(),
                        claimBatches.read(),
                        starts.read()),
                new EngineStats.Reports(
                        reportFlushes.sum(),
                        applied.sum(),
                        stale.sum(),
                        unknown.sum(),
                        unreadable.sum(),
                        reportBatches.read()),
                new EngineStats.Attempts(
                        sums(JobStatus.class, movedTo), sums(OutcomeKind.class, outcomes), attempts.read()),
                new EngineStats.Leases(
                        heartbeats.sum(),
                        heartbeatFlushes.sum(),
                        lapsedSessions.sum(),
                        lapsedJobs.sum(),
                        brakes.sum(),
                        floorsRaised.sum()),
                new EngineStats.Chores(
                        promoted.sum(),
                        schedulesFired.sum(),
                        bundlesFolded.sum(),
                        bundlesFinished.sum(),
                        prunedDays.sum(),
                        prunedJobs.sum(),
                        agentFailures.sum()),
                now);
    }
}
