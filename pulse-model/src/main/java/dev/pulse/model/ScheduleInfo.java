package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it stands at one moment.
 *
 * @param version goes up with each edit, pause and resume, not with a fire; an edit names the version that it saw
 * @param pause who stopped it, set while {@code PAUSED}
 * @param fault why it is {@code PARKED}, set only then
 * @param anchor what {@code after} and {@code every} count from
 * @param cursor every occurrence up to and including this instant is decided
 * @param nextAt the first occurrence that is not decided; null when none is left, while paused and while parked
 * @param waiting whether that occurrence is kept for the end of the job before it
 * @param declared set for a schedule that an application declares in its code
 */
public record ScheduleInfo(
        UUID id,
        long version,
        ScheduleSpec spec,
        ScheduleStatus status,
        @Nullable Pause pause,
        @Nullable String fault,
        Instant anchor,
        Instant cursor,
        @Nullable Instant nextAt,
        boolean waiting,
        ScheduleCounts counts,
        @Nullable Declared declared,
        Instant createdAt,
        Instant updatedAt) {
    /** Names the schedule to the handler of its job. */
    public static final String HEADER_ID = "pulse.schedule-id";
    /** Tells that handler which occurrence its job was made for, RFC 3339. */
    public static final String HEADER_OCCURRENCE = "pulse.occurrence";

    /**
     * Where a schedule comes from that is written in code.
     *
     * @param by the application that declares it
     * @param missingSince when that application first started without it; null while it declares it
     */
    public record Declared(String by, @Nullable Instant missingSince) {}

    /** The same with another place in its occurrences. */
    public ScheduleInfo moved(ScheduleStatus to, Instant decidedTo, @Nullable Instant next) {
        return new ScheduleInfo(
                id,
                version,
                spec,
                to,
                to == ScheduleStatus.PAUSED ? pause : null,
                to == ScheduleStatus.PARKED ? fault : null,
                anchor,
                decidedTo,
                next,
                false,
                counts,
                declared,
                createdAt,
                updatedAt);
    }

    /** The same with other facts, which count from {@code from} where the timing changed. */
    public ScheduleInfo edited(ScheduleSpec to, Instant from) {
        return new ScheduleInfo(
                id,
                version,
                to,
                status,
                pause,
                fault,
                to.timing().equals(spec.timing()) ? anchor : from,
                cursor,
                nextAt,
                waiting,
                counts,
                declared,
                createdAt,
                updatedAt);
    }

    /** The same, stopped. */
    public ScheduleInfo paused(Pause by) {
        return new ScheduleInfo(
                id,
                version,
                spec,
                ScheduleStatus.PAUSED,
                by,
                null,
                anchor,
                cursor,
                null,
                false,
                counts,
                declared,
                createdAt,
                updatedAt);
    }

    /** The same, declared in code by an application, or by nobody. */
    public ScheduleInfo declaredBy(@Nullable Declared by) {
        return new ScheduleInfo(
                id, version, spec, status, pause, fault, anchor, cursor, nextAt, waiting, counts, by, createdAt,
                updatedAt);
    }

    /** The same with more occurrences counted. */
    public ScheduleInfo counted(ScheduleCounts more) {
        return new ScheduleInfo(
                id,
                version,
                spec,
                status,
                pause,
                fault,
                anchor,
                cursor,
                nextAt,
                waiting,
                counts.plus(more),
                declared,
                createdAt,
                updatedAt);
    }
}
