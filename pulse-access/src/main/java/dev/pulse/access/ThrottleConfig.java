package dev.pulse.access;

import java.time.Duration;

/**
 * How guessing is slowed down. An address or account may fail so often freely; each failure more doubles the time until the
 * next try is looked at.
 *
 * @param freeOfAddress failures of one address, 1 to 1000
 * @param freeOfAccount failures of one account, from wherever, 1 to 1000
 * @param firstDelay after the first that is not free
 * @param longestDelay the longest there is
 * @param longestHere the same for callers on this machine, who are never locked out for long
 * @param forgiven one failure is forgiven in each such time
 */
public record ThrottleConfig(
        int freeOfAddress,
        int freeOfAccount,
        Duration firstDelay,
        Duration longestDelay,
        Duration longestHere,
        Duration forgiven) {
    public static final ThrottleConfig DEFAULT = new ThrottleConfig(
            10, 20, Duration.ofSeconds(1), Duration.ofMinutes(15), Duration.ofSeconds(1), Duration.ofMinutes(1));

    private static final int MAX_FREE = 1_000;

    public ThrottleConfig {
        require(freeOfAddress >= 1 && freeOfAddress <= MAX_FREE, "freeOfAddress: 1 to " + MAX_FREE);
        require(freeOfAccount >= 1 && freeOfAccount <= MAX_FREE, "freeOfAccount: 1 to " + MAX_FREE);
        require(firstDelay.isPositive(), "firstDelay: above 0");
        require(longestDelay.compareTo(firstDelay) >= 0, "longestDelay: not below firstDelay");
        require(longestHere.isPositive(), "longestHere: above 0");
        require(forgiven.isPositive(), "forgiven: above 0");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** How long after the last of so many failures. */
    Duration delay(long failures, int free, boolean here) {
        if (failures < free) {
            return Duration.ZERO;
        }
        long doublings = Math.min(failures - free, 30);
        Duration delay = firstDelay.multipliedBy(1L << doublings);
        Duration longest = here ? longestHere : longestDelay;
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
