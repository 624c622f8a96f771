package dev.pulse.schedules;

import java.time.LocalDate;

/**
 * A cron expression as sets of bits: which seconds, minutes, hours and months are named, and the rules for days.
 *
 * @param seconds bit 0 to 59; likewise {@code minutes}
 * @param hours bit 0 to 23
 * @param months bit 1 to 12
 */
record CronFields(long seconds, long minutes, long hours, MonthDays monthDays, long months, WeekDays weekDays) {
    private static final long ALL_HOURS = (1L << 24) - 1;

    /**
     * The field day-of-month.
     *
     * @param days bit 1 to 31
     * @param beforeLast bit n: the day n days before the last of the month
     * @param nearest bit n: the working day of the month that is nearest to day n
     * @param lastWorkingDay whether the last day from Monday to Friday is named
     * @param open whether the text begins with {@code *} or {@code ?}
     */
    record MonthDays(long days, long beforeLast, long nearest, boolean lastWorkingDay, boolean open) {
        /** The days of a month that match, bit 1 to 31. */
        long in(LocalDate first) {
            int length = first.lengthOfMonth();
            long found = days;
            for (long left = beforeLast; left != 0; left &= left - 1) {
                int day = length - Long.numberOfTrailingZeros(left);
                found |= day >= 1 ? 1L << day : 0;
            }
            for (long left = nearest; left != 0; left &= left - 1) {
                int day = Long.numberOfTrailingZeros(left);
                found |= day <= length ? 1L << workingDayNear(first, day, length) : 0;
            }
            return lastWorkingDay ? found | 1L << workingDayNear(first, length, length) : found;
        }

        private static int workingDayNear(LocalDate first, int day, int length) {
            return switch (first.withDayOfMonth(day).getDayOfWeek()) {
                case SATURDAY -> day > 1 ? day - 1 : day + 2;
                case SUNDAY -> day < length ? day + 1 : day - 2;
                case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
            };
        }
    }

    /**
     * The field day-of-week; Sunday is 0.
     *
     * @param days bit 0 to 6
     * @param last bit d: the last such day of the month
     * @param nth bit 7 * n + d: the n-th such day of the month, n from 1 to 5
     * @param open whether the text begins with {@code *} or {@code ?}
     */
    record WeekDays(long days, long last, long nth, boolean open) {
        private static final long SEVEN_DAYS = (1L << 7) - 1;

        /** Repeats the bits of a week. */
        private static final long FIVE_WEEKS = 1L | 1L << 7 | 1L << 14 | 1L << 21 | 1L << 28;

        /** The days of a month that match, bit 1 to 31. */
        long in(LocalDate first) {
            int length = first.lengthOfMonth();
            int firstWeekDay = first.getDayOfWeek().getValue() % 7;
            long week = (days >>> firstWeekDay | days << (7 - firstWeekDay)) & SEVEN_DAYS;
            long found = (week * FIVE_WEEKS) << 1;
            for (long left = last; left != 0; left &= left - 1) {
                int lastWeekDay = (firstWeekDay + length - 1) % 7;
                found |= 1L << (length - Math.floorMod(lastWeekDay - Long.numberOfTrailingZeros(left), 7));
            }
            for (long left = nth; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                int day = 1 + Math.floorMod(bit % 7 - firstWeekDay, 7) + (bit / 7 - 1) * 7;
                found |= day <= length ? 1L << day : 0;
            }
            return found;
        }
    }

    /** Whether each hour is named: such a rule follows elapsed time, any other the hands of the clock. */
    boolean everyHour() {
        return hours == ALL_HOURS;
    }

    /** Whether a day matches that either of the two day fields names, and not only what both do; see docs/schedules.md. */
    boolean eitherDay() {
        return !monthDays.open && !weekDays.open;
    }

    /** The days of the month that begins on that day which match, bit 1 to 31. */
    long days(LocalDate first) {
        if ((months >>> first.getMonthValue() & 1) == 0) {
            return 0;
        }
        long inMonth = monthDays.in(first);
        long inWeek = weekDays.in(first);
        long exist = (2L << first.lengthOfMonth()) - 2;
        return (eitherDay() ? inMonth | inWeek : inMonth & inWeek) & exist;
    }

    int timesPerDay() {
        return Long.bitCount(hours) * Long.bitCount(minutes) * Long.bitCount(seconds);
    }

    /** How many times of a day come before that second of it. */
    int timesBefore(int second) {
        int hour = second / 3600;
        int minute = second / 60 % 60;
        int perHour = Long.bitCount(minutes) * Long.bitCount(seconds);
        int count = Long.bitCount(below(hours, hour)) * perHour;
        if ((hours >>> hour & 1) != 0) {
            count += Long.bitCount(below(minutes, minute)) * Long.bitCount(seconds);
            if ((minutes >>> minute & 1) != 0) {
                count += Long.bitCount(below(seconds, second % 60));
            }
        }
        return count;
    }

    /** The first time of a day at or after that second of it, or -1. */
    int timeFrom(int second) {
        int hour = second / 3600;
        int minute = second / 60 % 60;
        if ((hours >>> hour & 1) != 0) {
            if ((minutes >>> minute & 1) != 0 && atOrAbove(seconds, second % 60) != 0) {
                return time(hour, minute, lowest(atOrAbove(seconds, second % 60)));
            }
            if (atOrAbove(minutes, minute + 1) != 0) {
                return time(hour, lowest(atOrAbove(minutes, minute + 1)), lowest(seconds));
            }
        }
        long later = atOrAbove(hours, hour + 1);
        return later == 0 ? -1 : time(lowest(later), lowest(minutes), lowest(seconds));
    }

    /** The last time of a day before that second of it, or -1. */
    int timeBefore(int second) {
        if (second >= 86_400) {
            return time(highest(hours), highest(minutes), highest(seconds));
        }
        int hour = second / 3600;
        int minute = second / 60 % 60;
        if ((hours >>> hour & 1) != 0) {
            if ((minutes >>> minute & 1) != 0 && below(seconds, second % 60) != 0) {
                return time(hour, minute, highest(below(seconds, second % 60)));
            }
            if (below(minutes, minute) != 0) {
                return time(hour, highest(below(minutes, minute)), highest(seconds));
            }
        }
        long earlier = below(hours, hour);
        return earlier == 0 ? -1 : time(highest(earlier), highest(minutes), highest(seconds));
    }

    private static int time(int hour, int minute, int second) {
        return hour * 3600 + minute * 60 + second;
    }

    private static long below(long bits, int bound) {
        return bits & (1L << bound) - 1;
    }

    private static long atOrAbove(long bits, int bound) {
        return bits & -(1L << bound);
    }

    private static int lowest(long bits) {
        return Long.numberOfTrailingZeros(bits);
    }

    private static int highest(long bits) {
        return 63 - Long.numberOfLeadingZeros(bits);
    }
}
