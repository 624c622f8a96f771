package dev.pulse.schedules;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** A rule as a sentence, for people. */
final class Words {
    private static final long ALL_MINUTES = (1L << 60) - 1;
    private static final long ALL_HOURS = (1L << 24) - 1;
    private static final long ALL_MONTH_DAYS = (1L << 32) - 2;
    private static final long ALL_WEEK_DAYS = (1L << 7) - 1;
    private static final long ALL_MONTHS = (1L << 13) - 2;

    /** More times of a day than that are told as a pattern. */
    private static final int MOST_TIMES = 4;

    private static final List<String> ORDINALS = List.of("", "first", "second", "third", "fourth", "fifth");

    private Words() {}

    static String of(Timing timing) {
        StringBuilder words = new StringBuilder(
                switch (timing.rule()) {
                    case ScheduleRule.At at -> "once at " + at.instant();
                    case ScheduleRule.After after -> "once, " + duration(after.delay()) + " after it was stored";
                    case ScheduleRule.Every every -> every(every);
                    case ScheduleRule.Cron cron -> cron(CronText.parse(cron.expression())) + ", " + timing.zone();
                });
        if (timing.start() != null) {
            words.append(", from ").append(timing.start());
        }
        if (timing.end() != null) {
            words.append(", until ").append(timing.end());
        }
        if (!timing.excluded().isEmpty()) {
            int days = timing.excluded().size();
            words.append(", without ").append(days).append(days == 1 ? " excluded day" : " excluded days");
        }
        return words.toString();
    }

    private static String every(ScheduleRule.Every every) {
        return switch (every.pace()) {
            case FIXED_RATE -> "every " + duration(every.period());
            case FIXED_DELAY -> duration(every.period()) + " after the end of the job before";
        };
    }

    /** In the largest unit that it is a whole number of. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000};
        String[] units = {" d", " h", " min", " s"};
        for (int i = 0; i < sizes.length; i++) {
            if (millis % sizes[i] == 0) {
                return millis / sizes[i] + units[i];
            }
        }
        return millis + " ms";
    }

    private static String cron(CronFields fields) {
        String days = days(fields);
        String months = fields.months() == ALL_MONTHS ? "" : " in " + list(fields.months(), Words::month);
        return times(fields) + days + months;
    }

    private static String times(CronFields fields) {
        boolean onTheHour = fields.minutes() == 1 && fields.seconds() == 1;
        int hourStep = step(fields.hours(), 24);
        if (onTheHour && hourStep > 0) {
            return hourStep == 1 ? "every hour" : "every " + hourStep + " hours";
        }
        if (fields.timesPerDay() <= MOST_TIMES) {
            List<String> times = new ArrayList<>();
            for (int time = fields.timeFrom(0); time >= 0; time = time == 86_399 ? -1 : fields.timeFrom(time + 1)) {
                times.add(time(time));
            }
            return "at " + joined(times);
        }
        String seconds = part(fields.seconds(), "second", fields.seconds() == 1);
        boolean minutesGoWithoutSaying = !seconds.isEmpty() && fields.minutes() == ALL_MINUTES;
        int minuteStep = step(fields.minutes(), 60);
        String minutes = !seconds.isEmpty() && minuteStep > 1
                ? "in every " + minuteStep + (minuteStep == 2 ? "nd" : minuteStep == 3 ? "rd" : "th") + " minute"
                : part(fields.minutes(), "minute", minutesGoWithoutSaying);
        String times = seconds + (seconds.isEmpty() || minutes.isEmpty() ? "" : " ") + minutes;
        if (fields.hours() == ALL_HOURS) {
            return times
                    + (times.startsWith("at minute")
                            ? " of every hour"
                            : minutes.isEmpty() && times.startsWith("at") ? " of every minute" : "");
        }
        return times
                + (Long.bitCount(fields.hours()) == 1 ? " in the hour " : " in the hours ")
                + list(fields.hours(), Integer::toString);
    }

    private static String part(long bits, String unit, boolean goesWithoutSaying) {
        int step = step(bits, 60);
        if (goesWithoutSaying) {
            return "";
        }
        if (step > 0) {
            return step == 1 ? "every " + unit : "every " + step + " " + unit + "s";
        }
        return "at " + unit + (Long.bitCount(bits) == 1 ? " " : "s ") + list(bits, Integer::toString);
    }

    /** The n for which the bits are each n-th from zero, all the way round; 0 for none. */
    private static int step(long bits, int size) {
        int step = Long.bitCount(bits) < 2 ? size : Long.numberOfTrailingZeros(bits & ~1L);
        if (step == size || size % step != 0) {
            return 0;
        }
        long expected = 0;
        for (int bit = 0; bit < size; bit += step) {
            expected |= 1L << bit;
        }
        return bits == expected ? step : 0;
    }

    static String time(int second) {
        String time = "%02d:%02d".formatted(second / 3600, second / 60 % 60);
        return second % 60 == 0 ? time : time + ":%02d".formatted(second % 60);
    }

    private static String days(CronFields fields) {
        String inMonth = monthDays(fields.monthDays());
        String inWeek = weekDays(fields.weekDays());
        if (inMonth.isEmpty() || inWeek.isEmpty()) {
            String days = inMonth + inWeek;
            return !days.isEmpty() ? " on " + days : fields.timesPerDay() <= MOST_TIMES ? " every day" : "";
        }
        return " on " + inMonth + (fields.eitherDay() ? " or on " : ", but only on ") + inWeek;
    }

    private static String monthDays(CronFields.MonthDays days) {
        if (days.days() == ALL_MONTH_DAYS) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        if (days.days() != 0) {
            parts.add((Long.bitCount(days.days()) == 1 ? "day " : "days ") + list(days.days(), Integer::toString)
                    + " of the month");
        }
        for (int bit : bits(days.nearest())) {
            parts.add("the working day nearest to day " + bit + " of the month");
        }
        for (int bit : bits(days.beforeLast())) {
            parts.add(
                    switch (bit) {
                        case 0 -> "the last day of the month";
                        case 1 -> "the day before the last of the month";
                        default -> "the day " + bit + " days before the last of the month";
                    });
        }
        if (days.lastWorkingDay()) {
            parts.add("the last working day of the month");
        }
        return joined(parts);
    }

    private static String weekDays(CronFields.WeekDays days) {
        if (days.days() == ALL_WEEK_DAYS) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        if (days.days() != 0) {
            // A week of people begins on Monday: Sunday moves from bit 0 to bit 7.
            parts.add(list((days.days() & ~1L) | ((days.days() & 1) << 7), Words::weekDay));
        }
        for (int bit : bits(days.nth())) {
            parts.add("the " + ORDINALS.get(bit / 7) + " " + weekDay(bit % 7) + " of the month");
        }
        for (int bit : bits(days.last())) {
            parts.add("the last " + weekDay(bit) + " of the month");
        }
        return joined(parts);
    }

    private static String weekDay(int day) {
        return DayOfWeek.of(day == 0 ? 7 : day).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String month(int month) {
        return Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** The bits by name, three and more in a row as a range. */
    private static String list(long bits, IntFunction<String> name) {
        List<String> parts = new ArrayList<>();
        for (long left = bits; left != 0; ) {
            int from = Long.numberOfTrailingZeros(left);
            int run = Long.numberOfTrailingZeros(~(left >>> from));
            if (run >= 3) {
                parts.add(name.apply(from) + " to " + name.apply(from + run - 1));
            } else {
                run = 1;
                parts.add(name.apply(from));
            }
            left &= -(1L << (from + run));
        }
        return joined(parts);
    }

    static String joined(List<String> parts) {
        int last = parts.size() - 1;
        return last < 1
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    static boolean isEachDay(CronFields.MonthDays days) {
        return days.days() == ALL_MONTH_DAYS;
    }

    static boolean isEachDay(CronFields.WeekDays days) {
        return days.days() == ALL_WEEK_DAYS;
    }

    private static List<Integer> bits(long bits) {
        List<Integer> found = new ArrayList<>();
        for (long left = bits; left != 0; left &= left - 1) {
            found.add(Long.numberOfTrailingZeros(left));
        }
        return found;
    }
}
