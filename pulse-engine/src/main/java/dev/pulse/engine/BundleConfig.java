package dev.pulse.engine;

import java.time.Duration;

/**
 * How the counts of bundles are folded.
 *
 * @param batchMax most bundles in one transaction
 * @param gather how long to rest between two folds, so that one write tells of what ended meanwhile
 * @param every how often the leader looks for what no server here knows of
 * @param touchedMax most bundles that this server keeps in mind; the leader finds the rest
 * @param cancelChunk most members that one transaction cancels
 */
public record BundleConfig(int batchMax, Duration gather, Duration every, int touchedMax, int cancelChunk) {
    public static final BundleConfig DEFAULT =
            new BundleConfig(200, Duration.ofMillis(20), Duration.ofSeconds(1), 100_000, 500);

    public BundleConfig {
        Check.range("bundle.batch-max", batchMax, 1, 1_000);
        Check.range("bundle.gather", gather, Duration.ZERO, Duration.ofSeconds(10));
        Check.range("bundle.every", every, Duration.ofMillis(10), Duration.ofSeconds(60));
        Check.range("bundle.touched-max", touchedMax, 1, 10_000_000);
        Check.range("bundle.cancel-chunk", cancelChunk, 1, 10_000);
    }
}
