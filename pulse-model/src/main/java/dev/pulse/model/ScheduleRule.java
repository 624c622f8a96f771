package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;

/** When a schedule plans its occurrences; what the texts mean is told by {@code docs/schedules.md}. */
public sealed interface ScheduleRule {
    /** Once, at this instant. An instant in the past can never fire. */
    record At(Instant instant) implements ScheduleRule {}

    /** Once, this long after the schedule was stored, by the database clock; above zero. */
    record After(Duration delay) implements ScheduleRule {}

    /**
     * Again and again.
     *
     * @param period 1 s to 36500 d, in whole milliseconds
     * @param pace what the period is counted from
     */
    record Every(Duration period, Pace pace) implements ScheduleRule {}

    /** At the instants that a cron expression names, in the zone of the {@link Timing}: 5 fields, or 6 with seconds first. */
    record Cron(String expression) implements ScheduleRule {}

    /** What the period of an {@link Every} is counted from. */
    enum Pace {
        /** From the planned instant before: the grid {@code start + n * period} never drifts. */
        FIXED_RATE,
        /** From the end of the job before: the next one starts no earlier than a period after it. */
        FIXED_DELAY
    }
}
