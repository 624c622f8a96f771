package dev.pulse.engine;

import java.time.Duration;

/**
 * How work is claimed.
 *
 * @param batchMax most jobs in one claim
 * @param batchBytes payload bytes that a claim aims to stay under, by the size of the jobs seen lately
 * @param spacing pause between two claims that do not fill a batch, so that credits gather under load; an idle claimer
 *     never waits for it
 * @param pollMin first wait of the poll that finds what no signal told of
 * @param pollMax longest wait of that poll
 * @param lanesEvery how often the list of lanes is read again
 * @param scan how the lower bounds move
 */
public record ClaimConfig(
        int batchMax,
        long batchBytes,
        Duration spacing,
        Duration pollMin,
        Duration pollMax,
        Duration lanesEvery,
        ScanConfig scan) {
    public static final ClaimConfig DEFAULT = new ClaimConfig(
            500,
            16L << 20,
            Duration.ofMillis(2),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            ScanConfig.DEFAULT);

    public ClaimConfig {
        Check.range("claim.batch-max", batchMax, 1, 10_000);
        Check.range("claim.batch-bytes", batchBytes, 1 << 20, 1L << 30);
        Check.range("claim.spacing", spacing, Duration.ZERO, Duration.ofSeconds(1));
        Check.range("claim.poll-min", pollMin, Duration.ofMillis(1), Duration.ofSeconds(10));
        Check.range("claim.poll-max", pollMax, Duration.ofMillis(1), Duration.ofSeconds(10));
        Check.range("claim.lanes-every", lanesEvery, Duration.ofMillis(1), Duration.ofSeconds(60));
        Check.that(pollMin.compareTo(pollMax) <= 0, "claim.poll-min must not be above claim.poll-max");
        Check.that(
                spacing.compareTo(pollMin) <= 0,
                "claim.spacing must not be above claim.poll-min: it would slow down the poll");
    }
}
