package dev.pulse.model;

import java.util.Locale;

/** The answer that every report gets (I9). */
public enum ReportAnswer {
    /** The outcome counts; also for the repeat of a report that was applied before. */
    APPLIED,
    /** The lease was not the reporter's any more: the outcome does not count. */
    STALE,
    /** There is no such job. */
    UNKNOWN;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, for example {@code stale}. */
    public String wireName() {
        return wireName;
    }
}
