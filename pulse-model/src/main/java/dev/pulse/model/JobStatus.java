package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** Where a job stands. The order is the order of the database enum and of every printed table. */
public enum JobStatus {
    /** Waits for its {@code run_at}. */
    SCHEDULED,
    /** Ready: any session that serves its type and queue may claim it. */
    PENDING,
    /** Held by one session under one lease token. */
    RUNNING,
    /** Failed, with attempts left; waits for its backoff. */
    RETRYING,
    /** Ended by Ack or Drop. */
    COMPLETED,
    /** Ended without success; waits for a person. */
    DEAD_LETTERED,
    /** Ended by request. */
    CANCELED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL, the CLI and the dashboard, for example {@code dead_lettered}. */
    public String wireName() {
        return wireName;
    }

    /** The status of that wire name, or empty. */
    public static Optional<JobStatus> fromWire(String name) {
        for (JobStatus status : values()) {
            if (status.wireName.equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Whether only an operator can move the job on from here (I5). */
    public boolean isFinal() {
        return switch (this) {
            case COMPLETED, DEAD_LETTERED, CANCELED -> true;
            case SCHEDULED, PENDING, RUNNING, RETRYING -> false;
        };
    }

    /** Whether the job waits for a moment in time, and so must have a {@code run_at} (I7). */
    public boolean isDue() {
        return this == SCHEDULED || this == RETRYING;
    }
}
