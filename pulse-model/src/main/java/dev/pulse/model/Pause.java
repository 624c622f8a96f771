package dev.pulse.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A switch that is off: claims stop, submits land, running jobs finish.
 *
 * @param reason for people, at most {@value #MAX_REASON} characters; null where none was given
 * @param by who paused
 * @param since by the store's clock
 */
public record Pause(@Nullable String reason, String by, Instant since) {
    public static final int MAX_REASON = 500;

    /**
     * The reason as it is stored: stripped, and null for a blank one.
     *
     * @throws PulseException naming the field {@code reason} where it is too long or cannot be stored
     */
    public static @Nullable String reason(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String reason = text.strip();
        if (reason.length() > MAX_REASON) {
            throw PulseException.invalid(
                    "reason", reason.length() + " characters, at most " + MAX_REASON + " are allowed");
        }
        if (!Text.isStorable(reason)) {
            throw PulseException.invalid("reason", "holds a character that cannot be stored: " + Text.shown(reason));
        }
        return reason;
    }
}
