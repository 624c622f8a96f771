package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of occurrences that nobody fired in time, because every server was down, or the schedule was not looked at.
 *
 * @param limit most jobs that are made up for with {@code FIRE_ALL}, the latest ones, 1 to {@value #MOST_JOBS}; the rest is
 *     skipped and counted
 * @param rate how many of those jobs start a second, above 0 to {@value #MOST_RATE}; null: all at once
 */
public record Misfire(Policy policy, int limit, @Nullable Double rate) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MOST_JOBS = 1_000;
    public static final double MOST_RATE = 1_000;
    public static final Misfire FIRE_ONCE = new Misfire(Policy.FIRE_ONCE, DEFAULT_LIMIT, null);
    public static final Misfire SKIP = new Misfire(Policy.SKIP, DEFAULT_LIMIT, null);

    /**
     * One job for each missed occurrence, all at once.
     *
     * @param limit most jobs, the latest ones, 1 to {@value #MOST_JOBS}
     */
    public static Misfire fireAll(int limit) {
        return new Misfire(Policy.FIRE_ALL, limit, null);
    }

    /** The same at that many jobs a second, above 0 to {@value #MOST_RATE}. */
    public static Misfire fireAll(int limit, double rate) {
        return new Misfire(Policy.FIRE_ALL, limit, rate);
    }

    /** Which of the missed occurrences make jobs. */
    public enum Policy {
        /** One job, for the latest; the others are coalesced into it and counted. */
        FIRE_ONCE,
        /** None; they are counted. */
        SKIP,
        /** One job each, up to the limit. */
        FIRE_ALL;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        /** The name in JSON, SQL and the CLI. */
        public String wireName() {
            return wireName;
        }

        /** The policy of that wire name, or empty. */
        public static Optional<Policy> fromWire(String name) {
            for (Policy policy : values()) {
                if (policy.wireName.equals(name)) {
                    return Optional.of(policy);
                }
            }
            return Optional.empty();
        }
    }
}
