package dev.pulse.engine;

import java.time.Duration;

/** Everything about the engine that can be set; {@link #DEFAULT} is the documentation of the values. */
public record EngineConfig(
        SubmitConfig submit,
        ClaimConfig claim,
        LeaseConfig lease,
        ReportConfig report,
        SweepConfig sweep,
        PromoteConfig promote,
        WaitConfig await,
        SessionConfig session,
        RetentionConfig retention,
        EventsConfig events) {
    /** A lapsed job starts again within its lease and this long. */
    static final Duration RESTART_WITHIN = Duration.ofSeconds(10);

    public static final EngineConfig DEFAULT = new EngineConfig(
            SubmitConfig.DEFAULT,
            ClaimConfig.DEFAULT,
            LeaseConfig.DEFAULT,
            ReportConfig.DEFAULT,
            SweepConfig.DEFAULT,
            PromoteConfig.DEFAULT,
            WaitConfig.DEFAULT,
            SessionConfig.DEFAULT,
            RetentionConfig.DEFAULT,
            EventsConfig.DEFAULT);

    public EngineConfig {
        Duration worst = lease.leaderTtl()
                .plus(lease.beat())
                .plus(sweep.settle())
                .plus(sweep.every())
                .plus(promote.every());
        Check.that(
                worst.compareTo(RESTART_WITHIN) <= 0,
                "lease.leader-ttl + lease.beat + sweep.settle + sweep.every + promote.every must not be above "
                        + RESTART_WITHIN.toSeconds() + "s: a lapsed job starts again within that time after its lease, "
                        + "also when the leader died with the worker");
        Check.that(
                claim.batchMax() <= session.creditsMax(),
                "claim.batch-max must not be above session.credits-max: no claim could be that large");
    }

    /** The same engine with another retention. */
    public EngineConfig withRetention(RetentionConfig other) {
        return new EngineConfig(submit, claim, lease, report, sweep, promote, await, session, other, events);
    }

    /** The same with the default for events. */
    public EngineConfig(
            SubmitConfig submit,
            ClaimConfig claim,
            LeaseConfig lease,
            ReportConfig report,
            SweepConfig sweep,
            PromoteConfig promote,
            WaitConfig await,
            SessionConfig session,
            RetentionConfig retention) {
        this(submit, claim, lease, report, sweep, promote, await, session, retention, EventsConfig.DEFAULT);
    }
}
