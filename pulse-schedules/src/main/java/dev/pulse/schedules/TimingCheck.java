package dev.pulse.schedules;

import dev.pulse.model.Durations;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be told of a {@link Timing} without computing an instant. */
final class TimingCheck {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private TimingCheck() {}

    /**
     * The zone of a timing whose parts are in their ranges.
     *
     * @throws PulseException with all fields at fault
     */
    static ZoneId check(Timing timing) {
        List<Violation> faults = new ArrayList<>();
        switch (timing.rule()) {
            case ScheduleRule.At at -> instant(at.instant(), "at", faults);
            case ScheduleRule.After after -> delay(after.delay(), faults);
            case ScheduleRule.Every every -> period(every.period(), faults);
            case ScheduleRule.Cron cron -> Rules.cron(cron.expression(), faults);
        }
        instant(timing.start(), "start", faults);
        instant(timing.end(), "end", faults);
        if (timing.start() != null && timing.end() != null && !timing.start().isBefore(timing.end())) {
            faults.add(endsTooEarly(timing.start(), timing.end()));
        }
        jitter(timing.jitter(), faults);
        if (timing.excluded().size() > Timing.MAX_EXCLUDED) {
            faults.add(
                    new Violation("excluded_days", timing.excluded().size() + " days, at most " + Timing.MAX_EXCLUDED));
        }
        Rules.zone(timing.zone(), faults);
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
        return Zones.zone(timing.zone());
    }

    static Violation endsTooEarly(Instant start, Instant end) {
        return new Violation("end", end + " is not after the start, " + start);
    }

    static void instant(@Nullable Instant instant, String field, List<Violation> faults) {
        if (instant != null && (instant.isBefore(Timetable.EARLIEST) || instant.isAfter(Timetable.LATEST))) {
            faults.add(new Violation(field, "years 1970 to 9999 are allowed, got " + instant));
        }
    }

    static void delay(Duration delay, List<Violation> faults) {
        if (delay.compareTo(Duration.ofMillis(1)) < 0 || delay.compareTo(Durations.MAX) > 0) {
            faults.add(new Violation(
                    "after",
                    "1ms to " + Durations.format(Durations.MAX) + " are allowed, got " + Durations.format(delay)));
        }
    }

    static void period(Duration period, List<Violation> faults) {
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(Durations.MAX) > 0) {
            faults.add(new Violation(
                    "every",
                    "1s to " + Durations.format(Durations.MAX) + " are allowed, got " + Durations.format(period)));
        } else if (period.toNanosPart() % 1_000_000 != 0) {
            faults.add(new Violation("every", "whole milliseconds are allowed, got " + Durations.format(period)));
        }
    }

    static void jitter(Duration jitter, List<Violation> faults) {
        if (jitter.isNegative() || jitter.compareTo(Timing.MAX_JITTER) > 0) {
            faults.add(new Violation(
                    "jitter",
                    "0s to " + Durations.format(Timing.MAX_JITTER) + " are allowed, got " + Durations.format(jitter)));
        }
    }
}
