package dev.pulse.engine;

import java.time.Duration;

/**
 * How callers wait for jobs to become final.
 *
 * @param waitersMax most calls that wait at once
 * @param every how often the store is asked about jobs that may have ended through another server
 * @param idsMax most jobs named in one such question
 * @param timeoutMax longest wait of one call; a longer one is cut to it
 */
public record WaitConfig(int waitersMax, Duration every, int idsMax, Duration timeoutMax) {
    public static final WaitConfig DEFAULT =
            new WaitConfig(10_000, Duration.ofMillis(200), 1_000, Duration.ofMinutes(10));

    public WaitConfig {
        Check.range("await.waiters-max", waitersMax, 1, 1_000_000);
        Check.range("await.every", every, Duration.ofMillis(1), Duration.ofSeconds(60));
        Check.range("await.ids-max", idsMax, 1, 1_000);
        Check.range("await.timeout-max", timeoutMax, Duration.ofMillis(1), Duration.ofHours(24));
    }
}
