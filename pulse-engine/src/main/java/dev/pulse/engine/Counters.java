package dev.pulse.engine;

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
    final LongAdder agentFailures = new LongAdder();

    EngineStats snapshot(int sessions, int waiters) {
        return new EngineStats(
                new EngineStats.Submits(submits.sum(), inserts.sum(), insertedRows.sum(), refusedFull.sum()),
                new EngineStats.Claims(
                        claims.sum(), emptyClaims.sum(), fullScans.sum(), granted.sum(), handedBack.sum()),
                new EngineStats.Reports(reportFlushes.sum(), applied.sum(), stale.sum(), unknown.sum()),
                new EngineStats.Leases(
                        heartbeats.sum(),
                        heartbeatFlushes.sum(),
                        lapsedSessions.sum(),
                        lapsedJobs.sum(),
                        brakes.sum(),
                        floorsRaised.sum()),
                promoted.sum(),
                agentFailures.sum(),
                sessions,
                waiters);
    }
}
