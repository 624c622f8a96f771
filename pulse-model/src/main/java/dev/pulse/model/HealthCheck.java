package dev.pulse.model;

import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param name stable, for programs: {@code vacuum}
 * @param level how it is
 * @param message what was found, in one sentence
 * @param advice what to do about it; empty where there is nothing to do
 */
public record HealthCheck(String name, Level level, String message, String advice) {
    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Works, but somebody should look soon. */
        WARN,
        /** Does not work, or puts jobs at risk. */
        FAIL;

        /** As it is written at every door. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The level of that name.
         *
         * @throws IllegalArgumentException for none
         */
        public static Level fromWire(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public static HealthCheck ok(String name, String message) {
        return new HealthCheck(name, Level.OK, message, "");
    }

    public static HealthCheck warn(String name, String message, String advice) {
        return new HealthCheck(name, Level.WARN, message, advice);
    }

    public static HealthCheck fail(String name, String message, String advice) {
        return new HealthCheck(name, Level.FAIL, message, advice);
    }
}
