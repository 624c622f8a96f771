package dev.pulse.schedules;

import java.time.LocalDate;
import java.util.NavigableSet;

/**
 * The times that a cron expression names, as hands of a clock and leaves of a calendar show them, without any zone: in seconds
 * since 1970-01-01 00:00 of that calendar. Works by whole months, so that no search is longer than {@value #SEARCH_YEARS} years
 * of months, whatever the expression.
 */
final class WallTimes {
    static final long NONE = Long.MIN_VALUE;

    /** After so many years the calendar has shown each month on each day of the week, but for a century without leap day. */
    static final int SEARCH_YEARS = 28;

    private static final int DAY = 86_400;

    private final CronFields fields;
    private final NavigableSet<LocalDate> excluded;

    WallTimes(CronFields fields, NavigableSet<LocalDate> excluded) {
        this.fields = fields;
        this.excluded = excluded;
    }

    /** The first time at or after that one; {@link #NONE} when there is none for {@value #SEARCH_YEARS} years. */
    long next(long from) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(from, DAY));
        LocalDate month = day.withDayOfMonth(1);
        long days = days(month) & -(1L << day.getDayOfMonth());
        if ((days >>> day.getDayOfMonth() & 1) != 0) {
            int time = fields.timeFrom((int) Math.floorMod(from, (long) DAY));
            if (time >= 0) {
                return day.toEpochDay() * DAY + time;
            }
            days &= days - 1;
        }
        for (int months = 0; months <= SEARCH_YEARS * 12; months++) {
            if (days != 0) {
                return epochDay(month, Long.numberOfTrailingZeros(days)) * DAY + fields.timeFrom(0);
            }
            month = month.plusMonths(1);
            days = days(month);
        }
        return NONE;
    }

    /** The last time before that one; {@link #NONE} when there is none for {@value #SEARCH_YEARS} years. */
    long previous(long before) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(before, DAY));
        LocalDate month = day.withDayOfMonth(1);
        long days = days(month);
        if ((days >>> day.getDayOfMonth() & 1) != 0) {
            int time = fields.timeBefore((int) Math.floorMod(before, (long) DAY));
            if (time >= 0) {
                return day.toEpochDay() * DAY + time;
            }
        }
        days &= (1L << day.getDayOfMonth()) - 1;
        for (int months = 0; months <= SEARCH_YEARS * 12; months++) {
            if (days != 0) {
                return epochDay(month, 63 - Long.numberOfLeadingZeros(days)) * DAY + fields.timeBefore(DAY);
            }
            month = month.minusMonths(1);
            days = days(month);
        }
        return NONE;
    }

    /** How many times there are at or after the first and before the second. */
    long count(long from, long to) {
        if (from >= to) {
            return 0;
        }
        LocalDate first = LocalDate.ofEpochDay(Math.floorDiv(from, DAY));
        LocalDate last = LocalDate.ofEpochDay(Math.floorDiv(to, DAY));
        LocalDate lastMonth = last.withDayOfMonth(1);
        long wholeDays = 0;
        for (LocalDate month = first.withDayOfMonth(1); !month.isAfter(lastMonth); month = month.plusMonths(1)) {
            wholeDays += Long.bitCount(days(month));
        }
        wholeDays -= Long.bitCount(days(first.withDayOfMonth(1)) & (1L << first.getDayOfMonth()) - 1);
        wholeDays -= Long.bitCount(days(lastMonth) & -(1L << last.getDayOfMonth()));
        return wholeDays * fields.timesPerDay()
                - timesBefore(first, (int) Math.floorMod(from, (long) DAY))
                + timesBefore(last, (int) Math.floorMod(to, (long) DAY));
    }

    private int timesBefore(LocalDate day, int second) {
        boolean matches = (days(day.withDayOfMonth(1)) >>> day.getDayOfMonth() & 1) != 0;
        return matches ? fields.timesBefore(second) : 0;
    }

    private long days(LocalDate month) {
        long days = fields.days(month);
        if (days != 0 && !excluded.isEmpty()) {
            for (LocalDate day : excluded.subSet(month, month.plusMonths(1))) {
                days &= ~(1L << day.getDayOfMonth());
            }
        }
        return days;
    }

    private static long epochDay(LocalDate month, int day) {
        return month.toEpochDay() + day - 1;
    }
}
