package dev.pulse.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Every zone of the time zone database, every change of its clock from 1971 to 2060, against a model that knows no laws: it
 * walks the minutes (the seconds, where an offset has some) and notes what the clock shows.
 */
class AllZonesTest {
    private static final Instant FIRST = Instant.parse("1971-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2061-01-01T00:00:00Z");
    private static final long HOUR = 3_600;

    /** A fixed reading, as the hands show it. */
    private interface Hands {
        boolean show(int hour, int minute);
    }

    /**
     * @param named whether the rule names hours: then a reading fires once, also when it never came or came twice
     */
    private record Pattern(String expression, boolean named, Hands hands) {
        static Pattern daily(LocalDateTime time) {
            return new Pattern(
                    time.getMinute() + " " + time.getHour() + " * * *",
                    true,
                    (hour, minute) -> hour == time.getHour() && minute == time.getMinute());
        }
    }

    private static final List<Pattern> PATTERNS = List.of(
            new Pattern("0 * * * *", false, (hour, minute) -> minute == 0),
            new Pattern("*/30 * * * *", false, (hour, minute) -> minute % 30 == 0),
            new Pattern("* * * * *", false, (hour, minute) -> true),
            new Pattern("0 0 * * *", true, (hour, minute) -> hour == 0 && minute == 0),
            new Pattern("30 1-3 * * *", true, (hour, minute) -> hour >= 1 && hour <= 3 && minute == 30),
            new Pattern("*/20 */2 * * *", true, (hour, minute) -> hour % 2 == 0 && minute % 20 == 0));

    /** What the clock of a zone shows in a while around a change. */
    private static final class Walk {
        private final long from;
        private final long until;

        /** Each reading that was shown, and the instants at which it was: seconds since 1970, of the calendar and of time. */
        private final Map<Long, List<Long>> shown = new HashMap<>();

        /** Each reading that was never shown, and the first instant at which a later one was. */
        private final Map<Long, Long> skipped = new HashMap<>();

        Walk(ZoneRules rules, ZoneOffsetTransition change) {
            long reach = Math.abs(change.getDuration().toSeconds()) + HOUR;
            long instant = Math.floorDiv(change.toEpochSecond(), 60) * 60;
            this.from = instant - reach;
            this.until = instant + reach;
            ZoneOffsetTransition before = rules.previousTransition(change.getInstant());
            // A change shortly before may have set the clock back to what this one still repeats.
            boolean crowded = before != null && before.toEpochSecond() > from - 48 * HOUR;
            walk(rules, crowded ? from - 50 * HOUR : from - reach, step(change, before));
        }

        private static int step(ZoneOffsetTransition change, @Nullable ZoneOffsetTransition before) {
            boolean wholeMinutes = change.toEpochSecond() % 60 == 0
                    && change.getOffsetBefore().getTotalSeconds() % 60 == 0
                    && change.getOffsetAfter().getTotalSeconds() % 60 == 0
                    && (before == null || before.getOffsetBefore().getTotalSeconds() % 60 == 0);
            return wholeMinutes ? 60 : 1;
        }

        private void walk(ZoneRules rules, long start, int step) {
            List<Long> jumps = new ArrayList<>();
            long last = start - step + offset(rules, start - step);
            for (long instant = start; instant <= until; instant += step) {
                long reading = instant + offset(rules, instant);
                shown.computeIfAbsent(reading, none -> new ArrayList<>(1)).add(instant);
                if (reading > last + step) {
                    jumps.addAll(List.of(last + step, reading, instant));
                }
                last = reading;
            }
            for (int i = 0; i < jumps.size(); i += 3) {
                for (long reading = jumps.get(i); reading < jumps.get(i + 1); reading += step) {
                    if (!shown.containsKey(reading)) {
                        skipped.putIfAbsent(reading, jumps.get(i + 2));
                    }
                }
            }
        }

        private static long offset(ZoneRules rules, long instant) {
            return rules.getOffset(Instant.ofEpochSecond(instant)).getTotalSeconds();
        }

        List<Long> occurrences(Pattern pattern) {
            TreeSet<Long> found = new TreeSet<>();
            shown.forEach((reading, instants) -> {
                if (matches(pattern, reading)) {
                    found.addAll(pattern.named ? instants.subList(0, 1) : instants);
                }
            });
            skipped.forEach((reading, instant) -> {
                if (pattern.named && matches(pattern, reading)) {
                    found.add(instant);
                }
            });
            return List.copyOf(found.subSet(from, true, until, true));
        }

        private static boolean matches(Pattern pattern, long reading) {
            long second = Math.floorMod(reading, 24 * HOUR);
            return second % 60 == 0 && pattern.hands.show((int) (second / HOUR), (int) (second / 60 % 60));
        }
    }

    private final Map<String, Timetable> timetables = new HashMap<>();
    private int cases;

    @Test
    void occurrencesAroundEveryChangeOfEveryZoneAreTheModels(TestReporter report) {
        int changes = 0;
        Map<ZoneRules, String> zones = zones();
        for (Map.Entry<ZoneRules, String> zone : zones.entrySet()) {
            ZoneOffsetTransition change = zone.getKey().nextTransition(FIRST);
            while (change != null && change.getInstant().isBefore(LAST)) {
                check(zone.getValue(), zone.getKey(), change);
                changes++;
                change = zone.getKey().nextTransition(change.getInstant());
            }
            timetables.clear();
        }
        report.publishEntry(Map.of(
                "zones", String.valueOf(ZoneId.getAvailableZoneIds().size()),
                "different rules", String.valueOf(zones.size()),
                "changes", String.valueOf(changes),
                "cases", String.valueOf(cases)));
        assertThat(changes).isGreaterThan(20_000);
        assertThat(cases).isGreaterThan(180_000);
    }

    @Test
    void dailyRuleFiresOnEachDayOfEveryCalendar() {
        LocalDate first = LocalDate.of(1990, 1, 1);
        LocalDate last = LocalDate.of(2061, 1, 1);
        zones().forEach((rules, zone) -> {
            Instant from = first.atStartOfDay(ZoneId.of(zone)).toInstant().minusSeconds(1);
            Instant until = last.atStartOfDay(ZoneId.of(zone)).toInstant().minusSeconds(1);
            assertThat(timetable("30 2 * * *", zone).count(from, until))
                    .as(zone)
                    .isEqualTo(last.toEpochDay() - first.toEpochDay());
        });
    }

    /** One zone for each set of rules. */
    private static Map<ZoneRules, String> zones() {
        Map<ZoneRules, String> zones = new LinkedHashMap<>();
        new TreeSet<>(ZoneId.getAvailableZoneIds())
                .forEach(id -> zones.putIfAbsent(ZoneId.of(id).getRules(), id));
        return zones;
    }

    private void check(String zone, ZoneRules rules, ZoneOffsetTransition change) {
        Walk walk = new Walk(rules, change);
        LocalDateTime low = change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
        LocalDateTime high = change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
        List<Pattern> patterns = new ArrayList<>(PATTERNS);
        patterns.add(Pattern.daily(low));
        patterns.add(Pattern.daily(low.plusSeconds(change.getDuration().abs().toSeconds() / 2)));
        patterns.add(Pattern.daily(high));
        for (Pattern pattern : patterns) {
            check(walk, pattern, zone, change);
            cases++;
        }
    }

    private void check(Walk walk, Pattern pattern, String zone, ZoneOffsetTransition change) {
        Timetable timetable = timetable(pattern.expression, zone);
        List<Long> expected = walk.occurrences(pattern);
        Instant from = Instant.ofEpochSecond(walk.from - 1);
        Instant until = Instant.ofEpochSecond(walk.until);

        boolean same = upwards(timetable, from, until).equals(expected)
                && downwards(timetable, from, until).reversed().equals(expected)
                && timetable.count(from, until) == expected.size();
        if (!same) {
            assertThat(upwards(timetable, from, until))
                    .as("next: %s in %s around %s", pattern.expression, zone, change)
                    .isEqualTo(expected);
            assertThat(downwards(timetable, from, until).reversed())
                    .as("previous: %s in %s around %s", pattern.expression, zone, change)
                    .isEqualTo(expected);
            assertThat(timetable.count(from, until))
                    .as("count: %s in %s around %s", pattern.expression, zone, change)
                    .isEqualTo(expected.size());
        }
    }

    private static List<Long> upwards(Timetable timetable, Instant after, Instant until) {
        List<Long> found = new ArrayList<>();
        Instant next = timetable.next(after);
        while (next != null && !next.isAfter(until)) {
            found.add(next.getEpochSecond());
            next = timetable.next(next);
        }
        return found;
    }

    private static List<Long> downwards(Timetable timetable, Instant after, Instant until) {
        List<Long> found = new ArrayList<>();
        Instant previous = timetable.previous(until);
        while (previous != null && previous.isAfter(after)) {
            found.add(previous.getEpochSecond());
            previous = timetable.previous(previous.minusNanos(1_000));
        }
        return found;
    }

    private Timetable timetable(String expression, String zone) {
        return timetables.computeIfAbsent(
                zone + " " + expression,
                none -> Timetable.of(Timing.of(new ScheduleRule.Cron(expression), zone), Instant.EPOCH));
    }
}
