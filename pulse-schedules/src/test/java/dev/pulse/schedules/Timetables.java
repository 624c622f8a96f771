package dev.pulse.schedules;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Timetables for tests: only what matters for the case is set. */
final class Timetables {
    /** Before anything that a test asks about. */
    static final Instant LONG_AGO = Instant.parse("1980-01-01T00:00:00Z");

    private Timetables() {}

    static Timetable cron(String expression) {
        return cron(expression, "UTC");
    }

    static Timetable cron(String expression, String zone) {
        return Timetable.of(Timing.of(new ScheduleRule.Cron(expression), zone), LONG_AGO);
    }

    static Timetable cron(String expression, String zone, String... excluded) {
        return Timetable.of(timing(new ScheduleRule.Cron(expression), zone, null, null, excluded), LONG_AGO);
    }

    static ScheduleRule every(String period) {
        return new ScheduleRule.Every(Duration.parse(period), ScheduleRule.Pace.FIXED_RATE);
    }

    static Timing timing(
            ScheduleRule rule, String zone, @Nullable String start, @Nullable String end, String... excluded) {
        NavigableSet<LocalDate> days =
                Arrays.stream(excluded).map(LocalDate::parse).collect(Collectors.toCollection(TreeSet::new));
        return new Timing(
                rule,
                zone,
                start == null ? null : Instant.parse(start),
                end == null ? null : Instant.parse(end),
                Duration.ZERO,
                days);
    }

    static Instant at(String instant) {
        return Instant.parse(instant);
    }

    /** The occurrences of a time of the zone's calendar, as the zone's clock shows them with its offset. */
    static List<String> shown(Timetable table, String after, String until, String zone) {
        List<String> shown = new ArrayList<>();
        Instant end = instant(until, zone);
        Instant next = table.next(instant(after, zone));
        while (next != null && !next.isAfter(end)) {
            ZonedDateTime local = next.atZone(ZoneId.of(zone));
            shown.add(local.toLocalDateTime() + local.getOffset().getId());
            next = table.next(next);
        }
        return shown;
    }

    static Instant instant(String local, String zone) {
        return LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant();
    }
}
