package dev.pulse.schedules;

import java.time.LocalDateTime;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cron expression of plain lists and stars, with what it means told once more by sets; null is a star. */
record RandomCron(
        Set<Integer> minutes,
        @Nullable Set<Integer> hours,
        @Nullable Set<Integer> days,
        @Nullable Set<Integer> months,
        @Nullable Set<Integer> weekDays) {
    static RandomCron of(Random random) {
        return new RandomCron(
                some(random, 0, 59),
                starOr(random, 0, 23),
                starOr(random, 1, 31),
                starOr(random, 1, 12),
                starOr(random, 0, 6));
    }

    private static @Nullable Set<Integer> starOr(Random random, int min, int max) {
        return random.nextBoolean() ? null : some(random, min, max);
    }

    private static Set<Integer> some(Random random, int min, int max) {
        Set<Integer> some = new TreeSet<>();
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            some.add(min + random.nextInt(max - min + 1));
        }
        return some;
    }

    String text() {
        return text(minutes) + " " + text(hours) + " " + text(days) + " " + text(months) + " " + text(weekDays);
    }

    private static String text(@Nullable Set<Integer> values) {
        return values == null ? "*" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    boolean matchesDay(LocalDateTime time) {
        boolean month = months == null || months.contains(time.getMonthValue());
        boolean day = days == null || days.contains(time.getDayOfMonth());
        boolean weekDay =
                weekDays == null || weekDays.contains(time.getDayOfWeek().getValue() % 7);
        boolean either = days != null && weekDays != null;
        return month && (either ? (day || weekDay) : (day && weekDay));
    }

    boolean matchesTime(int hour, int minute) {
        return minutes.contains(minute) && (hours == null || hours.contains(hour));
    }
}
