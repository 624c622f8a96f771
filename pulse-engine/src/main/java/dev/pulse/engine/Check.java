package dev.pulse.engine;

import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.Duration;

/** Refuses a configuration with the key's name and what is allowed. */
final class Check {
    private Check() {}

    static void range(String key, long value, long min, long max) {
        that(value >= min && value <= max, key + ": " + min + " to " + max + " are allowed, got " + value);
    }

    static void range(String key, Duration value, Duration min, Duration max) {
        that(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                key + ": " + Durations.format(min) + " to " + Durations.format(max) + " are allowed, got "
                        + Durations.format(value));
    }

    static void that(boolean holds, String message) {
        if (!holds) {
            throw new PulseException(ErrorCode.CONFIGURATION, message);
        }
    }
}
