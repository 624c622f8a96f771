package dev.pulse.engine;

import java.time.Duration;

/**
 * The leader's rounds.
 *
 * @param every how often lapsed sessions are looked for
 * @param settle how long a new leader waits before its first sweep, so that workers of a lost server can come back
 * @param sessionsMax most sessions ended in one pass
 * @param tidyEvery how often the store's housekeeping runs
 */
public record SweepConfig(Duration every, Duration settle, int sessionsMax, Duration tidyEvery) {
    public static final SweepConfig DEFAULT =
            new SweepConfig(Duration.ofSeconds(1), Duration.ofSeconds(2), 100, Duration.ofSeconds(60));

    public SweepConfig {
        Check.range("sweep.every", every, Duration.ofMillis(10), Duration.ofSeconds(60));
        Check.range("sweep.settle", settle, Duration.ZERO, Duration.ofMinutes(10));
        Check.range("sweep.sessions-max", sessionsMax, 1, 10_000);
        Check.range("sweep.tidy-every", tidyEvery, Duration.ofSeconds(1), Duration.ofHours(1));
    }
}
