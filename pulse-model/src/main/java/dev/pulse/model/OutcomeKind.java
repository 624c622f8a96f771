package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** How an attempt ended, as reported or as the runtime found it. The order is the order of the database enum. */
public enum OutcomeKind {
    ACK,
    DROP,
    RETRY,
    FAIL,
    TIMEOUT,
    DEAD_LETTER,
    SNOOZE,
    RELEASE,
    CANCELED,
    /** The session's lease ended first. Never reported by a worker. */
    LAPSE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL and the CLI, for example {@code dead_letter}. */
    public String wireName() {
        return wireName;
    }

    /** The kind of that wire name, or empty. */
    public static Optional<OutcomeKind> fromWire(String name) {
        for (OutcomeKind kind : values()) {
            if (kind.wireName.equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
