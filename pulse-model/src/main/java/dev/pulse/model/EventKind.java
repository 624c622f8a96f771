package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/**
 * What an event says happened. That a job became ready or was started is no event: both happen to every job, and nobody has
 * to act on them.
 */
public enum EventKind {
    /** A job was stored. */
    SUBMITTED,
    /** A job ended well. */
    COMPLETED,
    /** An attempt failed or lapsed; the job waits for its next one. */
    RETRYING,
    /** A job waits for a person. */
    DEAD_LETTERED,
    /** A job was canceled, waiting or running. */
    CANCELED,
    /** A handler put its job off. */
    SNOOZED,
    /** An attempt was handed back; the job is ready again. */
    RELEASED,
    /** A final job was put back in line. */
    REQUEUED,
    /** A job was removed with its history. */
    DELETED,
    /** Every member of a bundle is final. */
    BUNDLE_COMPLETED;

    /** The name at every door, for example {@code dead_lettered}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name, if there is one. */
    public static Optional<EventKind> fromWire(String wireName) {
        for (EventKind kind : values()) {
            if (kind.wireName().equals(wireName)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** What the end of an attempt is called that left the job in this status. */
    public static EventKind ofEnd(JobStatus status) {
        return switch (status) {
            case COMPLETED -> COMPLETED;
            case RETRYING -> RETRYING;
            case DEAD_LETTERED -> DEAD_LETTERED;
            case CANCELED -> CANCELED;
            case SCHEDULED -> SNOOZED;
            case PENDING -> RELEASED;
            case RUNNING -> throw new IllegalArgumentException("an attempt does not end in status running");
        };
    }
}
