package dev.pulse.engine;

import java.time.Duration;

/**
 * How due jobs are made ready.
 *
 * @param batchMax most jobs in one statement
 * @param every how often the leader looks for due jobs that no timer here knows of
 */
public record PromoteConfig(int batchMax, Duration every) {
    public static final PromoteConfig DEFAULT = new PromoteConfig(500, Duration.ofSeconds(1));

    public PromoteConfig {
        Check.range("promote.batch-max", batchMax, 1, 10_000);
        Check.range("promote.every", every, Duration.ofMillis(10), Duration.ofSeconds(60));
    }
}
