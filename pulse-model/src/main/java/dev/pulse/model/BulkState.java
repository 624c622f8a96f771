package dev.pulse.model;

import java.util.Locale;

/** Where a bulk operation stands. */
public enum BulkState {
    /** Some replica takes the next chunk. */
    RUNNING,
    /** Every job that matched has been looked at. */
    DONE,
    /** Stopped by an operator before its end; what was changed stays changed. */
    STOPPED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and SQL. */
    public String wireName() {
        return wireName;
    }

    /** Whether no chunk follows. */
    public boolean isFinal() {
        return this != RUNNING;
    }
}
