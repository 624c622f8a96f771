package dev.pulse.schedules;

import dev.pulse.model.Durations;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The texts of schedules at every door, to values. A text that is none adds a {@link Violation} with its field (every, after,
 * cron, time_zone, jitter, excluded_days) and gives null, so that a door can name all faults at once. Whether a rule can ever fire
 * is told by {@link Timetable#of}.
 */
public final class Rules {
    /** Longest cron expression, in characters. */
    public static final int MAX_CRON = CronText.MAX_LENGTH;

    private Rules() {}

    /** A period of 1 s or more, in whole milliseconds, for example {@code 90s}. */
    public static ScheduleRule.@Nullable Every every(String text, ScheduleRule.Pace pace, List<Violation> faults) {
        Duration period = duration("every", text, faults);
        int before = faults.size();
        if (period != null) {
            TimingCheck.period(period, faults);
        }
        return period == null || faults.size() > before ? null : new ScheduleRule.Every(period, pace);
    }

    /** A delay above zero, for example {@code 5m}. */
    public static ScheduleRule.@Nullable After after(String text, List<Violation> faults) {
        Duration delay = duration("after", text, faults);
        int before = faults.size();
        if (delay != null) {
            TimingCheck.delay(delay, faults);
        }
        return delay == null || faults.size() > before ? null : new ScheduleRule.After(delay);
    }

    /** A cron expression of 5 fields, or 6 with seconds first, or a name such as {@code @daily}. */
    public static ScheduleRule.@Nullable Cron cron(String text, List<Violation> faults) {
        try {
            CronText.parse(text);
            return new ScheduleRule.Cron(text);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation("cron", String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** An id of the time zone database; old names become the present ones, {@code US/Eastern} is {@code America/New_York}. */
    public static @Nullable String zone(String text, List<Violation> faults) {
        try {
            return Zones.canonical(Zones.zone(text).getId());
        } catch (IllegalArgumentException e) {
            faults.add(new Violation("time_zone", String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** A duration from zero to a day. */
    public static @Nullable Duration jitter(String text, List<Violation> faults) {
        Duration jitter = duration("jitter", text, faults);
        int before = faults.size();
        if (jitter != null) {
            TimingCheck.jitter(jitter, faults);
        }
        return faults.size() > before ? null : jitter;
    }

    /** Days such as {@code 2027-12-24}, at most {@value Timing#MAX_EXCLUDED}; a day named twice counts once. */
    public static @Nullable NavigableSet<LocalDate> excluded(Collection<String> texts, List<Violation> faults) {
        if (texts.size() > Timing.MAX_EXCLUDED) {
            faults.add(new Violation("excluded_days", texts.size() + " days, at most " + Timing.MAX_EXCLUDED));
            return null;
        }
        NavigableSet<LocalDate> days = new TreeSet<>();
        for (String text : texts) {
            try {
                LocalDate day = LocalDate.parse(text);
                if (day.getYear() < 1970 || day.getYear() > 9999) {
                    throw new DateTimeException("out of range");
                }
                days.add(day);
            } catch (DateTimeException e) {
                faults.add(new Violation(
                        "excluded_days", CronText.shown(text) + " is not a day from 1970 to 9999; write 2027-12-24"));
                return null;
            }
        }
        return days;
    }

    private static @Nullable Duration duration(String field, String text, List<Violation> faults) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(field, String.valueOf(e.getMessage())));
            return null;
        }
    }
}
