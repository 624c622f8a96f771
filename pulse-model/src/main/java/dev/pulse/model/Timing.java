package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A rule with its bounds. A plain value: whether it can ever fire is decided where its instants are computed.
 *
 * @param zone id in the time zone database; what cron fields and {@code excluded} are read in
 * @param start no occurrence before this instant; null for the instant at which the schedule was stored
 * @param end no occurrence at or after this instant; null for none
 * @param jitter each job starts at a moment of its own within this long after its occurrence; zero for at once
 * @param excluded days of the zone that have no occurrence
 */
public record Timing(
        ScheduleRule rule,
        String zone,
        @Nullable Instant start,
        @Nullable Instant end,
        Duration jitter,
        NavigableSet<LocalDate> excluded) {
    public static final String DEFAULT_ZONE = "UTC";
    public static final int MAX_EXCLUDED = 1_000;
    public static final Duration MAX_JITTER = Duration.ofDays(1);

    public Timing {
        excluded = Collections.unmodifiableNavigableSet(new TreeSet<>(excluded));
    }

    /** The rule alone, in UTC. */
    public static Timing of(ScheduleRule rule) {
        return of(rule, DEFAULT_ZONE);
    }

    /** The rule in a zone, without bounds. */
    public static Timing of(ScheduleRule rule, String zone) {
        return new Timing(rule, zone, null, null, Duration.ZERO, new TreeSet<>());
    }
}
