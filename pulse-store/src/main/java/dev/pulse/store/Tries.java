package dev.pulse.store;

import java.time.Duration;

/**
 * How often signing in has failed somewhere lately.
 *
 * @param failures less those that time has forgiven, as it was at the last one; 0 for none
 * @param since how long ago the last one was
 */
public record Tries(long failures, Duration since) {
    public static final Tries NONE = new Tries(0, Duration.ZERO);
}
