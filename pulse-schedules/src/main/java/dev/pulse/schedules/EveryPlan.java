package dev.pulse.schedules;

import java.time.LocalDate;
import java.util.NavigableSet;

/**
 * The grid {@code base + n * period} of elapsed time, without the days that are excluded. All of it in microseconds.
 *
 * @param base instant of n = 0
 * @param first lowest n that is an occurrence: 0, or 1 when the base is only what is counted from
 */
record EveryPlan(long base, long first, long period, WallClock clock, NavigableSet<LocalDate> excluded)
        implements Plan {
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400;

    /** No instant is further from its reading, in seconds. */
    private static final long FURTHEST = 18 * 3600;

    @Override
    public long next(long from) {
        long instant = atOrAfter(from);
        while (isExcluded(instant)) {
            instant = atOrAfter(dayEnd(instant));
        }
        return instant;
    }

    @Override
    public long previous(long until) {
        long instant = atOrBefore(until);
        while (instant != NONE && isExcluded(instant)) {
            instant = atOrBefore(dayStart(instant) - 1);
        }
        return instant;
    }

    @Override
    public long count(long from, long until) {
        long count = grid(from, until);
        if (count > 0 && !excluded.isEmpty()) {
            // A day before the first reading and one after the last: an excluded day is never cut at its edges.
            LocalDate firstDay = day(from).minusDays(1);
            for (LocalDate day : excluded.subSet(firstDay, true, day(until).plusDays(1), true)) {
                count -= onDay(day, from, until);
            }
        }
        return count;
    }

    private long onDay(LocalDate day, long from, long until) {
        long midnight = day.toEpochDay() * DAY;
        long count = 0;
        for (long second = midnight - FURTHEST; second < midnight + DAY + FURTHEST; second = clock.end(second)) {
            // A day may come in two parts, where the clock is set back over midnight.
            long offset = clock.offset(second);
            long start = Math.max(clock.start(second), midnight - offset) * SECOND;
            long end = Math.min(clock.end(second), midnight + DAY - offset) * SECOND;
            count += grid(Math.max(from, start), Math.min(until, end - 1));
        }
        return count;
    }

    private long grid(long from, long until) {
        return from > until ? 0 : Math.max(0, Math.floorDiv(until - base, period) - Math.max(steps(from), first) + 1);
    }

    private long atOrAfter(long instant) {
        return base + Math.max(steps(instant), first) * period;
    }

    private long atOrBefore(long instant) {
        long steps = Math.floorDiv(instant - base, period);
        return steps < first ? NONE : base + steps * period;
    }

    /** The lowest n whose instant is not before that one. */
    private long steps(long instant) {
        return -Math.floorDiv(base - instant, period);
    }

    private boolean isExcluded(long instant) {
        return !excluded.isEmpty() && excluded.contains(day(instant));
    }

    private LocalDate day(long instant) {
        long second = Math.floorDiv(instant, SECOND);
        return LocalDate.ofEpochDay(Math.floorDiv(second + clock.offset(second), DAY));
    }

    /** The first instant after that one at which the calendar may show another day. */
    private long dayEnd(long instant) {
        long second = Math.floorDiv(instant, SECOND);
        long midnight = day(instant).toEpochDay() * DAY + DAY;
        return Math.min(clock.end(second), midnight - clock.offset(second)) * SECOND;
    }

    /** The last instant up to that one before which the calendar may have shown another day. */
    private long dayStart(long instant) {
        long second = Math.floorDiv(instant, SECOND);
        long midnight = day(instant).toEpochDay() * DAY;
        return Math.max(clock.start(second), midnight - clock.offset(second)) * SECOND;
    }
}
