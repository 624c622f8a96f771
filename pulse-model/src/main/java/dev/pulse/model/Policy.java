package dev.pulse.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a job is treated when it fails.
 *
 * @param maxAttempts attempts before it is dead-lettered, {@value #MIN_ATTEMPTS} to {@value #MAX_ATTEMPTS}
 * @param backoff how long a failure waits
 * @param timeout longest run of one attempt, or null for none; above zero
 */
public record Policy(
        int maxAttempts, Backoff backoff, @Nullable Duration timeout) {
    public static final int MIN_ATTEMPTS = 1;
    public static final int MAX_ATTEMPTS = 1_000;
    public static final Policy DEFAULT = new Policy(20, Backoff.DEFAULT, null);

    public Policy {
        if (maxAttempts < MIN_ATTEMPTS || maxAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    MIN_ATTEMPTS + " to " + MAX_ATTEMPTS + " attempts are allowed, got " + maxAttempts);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout must be above 0");
        }
    }
}
