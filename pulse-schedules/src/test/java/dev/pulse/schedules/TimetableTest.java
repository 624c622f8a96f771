package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.LONG_AGO;
import static dev.pulse.schedules.Timetables.at;
import static dev.pulse.schedules.Timetables.cron;
import static dev.pulse.schedules.Timetables.every;
import static dev.pulse.schedules.Timetables.timing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rules with their bounds. */
class TimetableTest {
    private static final Instant STORED = at("2026-11-23T10:00:00.123456Z");

    @Test
    void gridBeginsOnePeriodAfterItWasStored() {
        Timetable table = Timetable.of(Timing.of(every("PT90S")), STORED);

        assertThat(table.next(STORED)).isEqualTo(STORED.plusSeconds(90));
        assertThat(table.next(Instant.EPOCH)).isEqualTo(STORED.plusSeconds(90));
        assertThat(table.next(STORED.plusSeconds(90))).isEqualTo(STORED.plusSeconds(180));
        assertThat(table.next(STORED.plusSeconds(91))).isEqualTo(STORED.plusSeconds(180));
        assertThat(table.previous(STORED.plusSeconds(89))).isNull();
        assertThat(table.previous(STORED.plusSeconds(90))).isEqualTo(STORED.plusSeconds(90));
        assertThat(table.count(STORED, STORED.plusSeconds(900))).isEqualTo(10);
    }

    @Test
    void gridWithAStartBeginsThere() {
        Timetable table = Timetable.of(timing(every("PT1H"), "UTC", "2026-12-01T00:30:00Z", null), STORED);

        assertThat(table.next(STORED)).isEqualTo(at("2026-12-01T00:30:00Z"));
        assertThat(table.next(at("2026-12-01T00:30:00Z"))).isEqualTo(at("2026-12-01T01:30:00Z"));
        assertThat(table.previous(at("2026-12-01T00:29:59.999Z"))).isNull();
    }

    @Test
    void startThatIsLongPastHasItsOccurrences() {
        Timetable table = Timetable.of(timing(every("PT1M"), "UTC", "2026-01-01T00:00:00Z", null), STORED);

        assertThat(table.count(Instant.EPOCH, at("2026-01-08T00:00:00Z"))).isEqualTo(10_081);
        assertThat(table.previous(STORED)).isEqualTo(at("2026-11-23T10:00:00Z"));
    }

    @Test
    void fixedDelayCountsFromWhereTheJobBeforeEnded() {
        ScheduleRule rule = new ScheduleRule.Every(Duration.ofMinutes(5), ScheduleRule.Pace.FIXED_DELAY);
        Timetable table = Timetable.of(timing(rule, "UTC", "2026-12-01T00:00:00Z", "2026-12-01T01:00:00Z"), STORED);
        Instant ended = at("2026-12-01T00:07:31.5Z");

        assertThat(table.next(STORED)).isEqualTo(at("2026-12-01T00:00:00Z"));
        assertThat(table.countedFrom(ended).next(ended)).isEqualTo(ended.plus(Duration.ofMinutes(5)));
        assertThat(table.countedFrom(at("2026-12-01T00:59:00Z")).next(at("2026-12-01T00:59:00Z")))
                .isNull();
    }

    @Test
    void delayCountsFromWhenItWasStored() {
        Timetable table = Timetable.of(Timing.of(new ScheduleRule.After(Duration.ofMillis(1_500))), STORED);

        assertThat(table.next(STORED)).isEqualTo(STORED.plusMillis(1_500));
        assertThat(table.next(STORED.plusMillis(1_500))).isNull();
        assertThat(table.previous(STORED.plusSeconds(9))).isEqualTo(STORED.plusMillis(1_500));
        assertThat(table.count(STORED, STORED.plusSeconds(9))).isEqualTo(1);
    }

    @Test
    void instantIsCutToWhatTheDatabaseKeeps() {
        Timetable table = Timetable.of(Timing.of(new ScheduleRule.At(at("2027-01-01T00:00:00.123456789Z"))), STORED);
        Instant stored = at("2027-01-01T00:00:00.123456Z");

        assertThat(table.next(STORED)).isEqualTo(stored);
        assertThat(table.next(stored)).as("once stored, it is not found again").isNull();
    }

    @Test
    void whatWasStoredOnceIsLoadedWhenItIsLongPast() {
        Timing once = Timing.of(new ScheduleRule.At(at("2026-11-23T10:00:01Z")));
        Timing bounded = timing(new ScheduleRule.Cron("0 3 * * *"), "UTC", null, "2026-11-25T00:00:00Z");

        assertThat(Timetable.of(once, STORED).next(at("2030-01-01T00:00:00Z"))).isNull();
        assertThat(Timetable.of(bounded, STORED).next(at("2030-01-01T00:00:00Z")))
                .isNull();
        assertThat(Timetable.of(bounded, STORED).previous(at("2030-01-01T00:00:00Z")))
                .isEqualTo(at("2026-11-24T03:00:00Z"));
    }

    @Test
    void startIsInAndEndIsOut() {
        Timetable table = Timetable.of(
                timing(new ScheduleRule.Cron("0 3 * * *"), "UTC", "2027-01-01T03:00:00Z", "2027-01-04T03:00:00Z"),
                STORED);

        assertThat(table.next(Instant.MIN)).isEqualTo(at("2027-01-01T03:00:00Z"));
        assertThat(table.previous(Instant.MAX)).isEqualTo(at("2027-01-03T03:00:00Z"));
        assertThat(table.next(at("2027-01-03T03:00:00Z"))).isNull();
        assertThat(table.count(Instant.MIN, Instant.MAX)).isEqualTo(3);
    }

    @Test
    void occurrenceAtTheVeryMomentOfStoringIsNone() {
        Timetable table = Timetable.of(Timing.of(new ScheduleRule.Cron("0 * * * *")), at("2026-11-23T10:00:00Z"));

        assertThat(table.previous(at("2026-11-23T10:59:59Z"))).isNull();
        assertThat(table.next(Instant.EPOCH)).isEqualTo(at("2026-11-23T11:00:00Z"));
    }

    @Test
    void minutesOfAWeekAreCounted() {
        assertThat(cron("* * * * *").count(at("2026-11-16T00:00:00Z"), at("2026-11-23T00:00:00Z")))
                .isEqualTo(10_080);
    }

    @Test
    void secondsOfAllYearsAreCountedArithmetically() {
        assertThat(cron("* * * * * *", "Europe/Vienna").count(at("1980-01-01T00:00:00Z"), Instant.MAX))
                .isEqualTo(at("9999-12-31T23:59:59Z").getEpochSecond()
                        - at("1980-01-01T00:00:00Z").getEpochSecond());
    }

    @Test
    void leapDayIsSkippedIn2100() {
        Timetable table = cron("0 0 29 2 *");

        assertThat(table.next(at("2096-02-29T00:00:00Z"))).isEqualTo(at("2104-02-29T00:00:00Z"));
        assertThat(table.previous(at("2104-02-28T00:00:00Z"))).isEqualTo(at("2096-02-29T00:00:00Z"));
        assertThat(table.count(at("2095-12-31T00:00:00Z"), at("2105-01-01T00:00:00Z")))
                .isEqualTo(2);
    }

    @Test
    void searchEndsAfter28Years() {
        NavigableSet<LocalDate> leapDays = LongStream.rangeClosed(2028, 2056)
                .filter(year -> year % 4 == 0)
                .mapToObj(year -> LocalDate.of((int) year, 2, 29))
                .collect(Collectors.toCollection(TreeSet::new));
        Timing timing = new Timing(new ScheduleRule.Cron("0 0 29 2 *"), "UTC", null, null, Duration.ZERO, leapDays);
        Timetable table = Timetable.of(timing, LONG_AGO);

        assertThat(table.next(at("2024-03-01T00:00:00Z"))).isNull();
        assertThat(table.next(at("2058-03-01T00:00:00Z"))).isEqualTo(at("2060-02-29T00:00:00Z"));
        assertThat(table.previous(at("2056-03-01T00:00:00Z"))).isNull();
    }

    @Test
    void excludedDaysHaveNoOccurrence() {
        Timetable nightly = cron("0 3 * * *", "Europe/Vienna", "2026-12-24", "2026-12-25", "2026-12-26");

        assertThat(nightly.next(at("2026-12-23T12:00:00Z"))).isEqualTo(at("2026-12-27T02:00:00Z"));
        assertThat(nightly.previous(at("2026-12-27T01:00:00Z"))).isEqualTo(at("2026-12-23T02:00:00Z"));
        assertThat(nightly.count(at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z")))
                .isEqualTo(28);
    }

    @Test
    void gridLeavesOutExcludedDaysOfTheZone() {
        Timing timing =
                timing(every("PT6H"), "Europe/Vienna", "2026-12-23T00:00:00Z", null, "2026-12-24", "2026-12-25");
        Timetable table = Timetable.of(timing, STORED);

        assertThat(table.next(at("2026-12-23T18:00:00Z")))
                .as("24th, 01:00 in Vienna")
                .isEqualTo(at("2026-12-26T00:00:00Z"));
        assertThat(table.previous(at("2026-12-25T23:59:59Z"))).isEqualTo(at("2026-12-23T18:00:00Z"));
        assertThat(table.count(at("2026-12-22T00:00:00Z"), at("2026-12-26T00:00:00Z")))
                .isEqualTo(5);
    }

    @Test
    void gridLeavesOutBothPartsOfADayThatComesTwice() {
        // Clocks in Toronto went from 00:01 on 29 October 2006 back to 23:01 on the 28th until 2011; here St. John's of
        // 2010.
        String zone = "America/St_Johns";
        Timing timing = timing(every("PT1M"), zone, "2010-11-06T00:00:00Z", null, "2010-11-06");
        Timetable table = Timetable.of(timing, LONG_AGO);
        Instant firstMidnight = at("2010-11-07T02:30:00Z");
        Instant secondMidnight = at("2010-11-07T03:30:00Z");

        assertThat(table.next(at("2010-11-06T12:00:00Z"))).isEqualTo(firstMidnight);
        assertThat(table.next(firstMidnight)).isEqualTo(secondMidnight);
        assertThat(table.previous(secondMidnight.minusSeconds(1))).isEqualTo(firstMidnight);
        assertThat(table.count(at("2010-11-06T12:00:00Z"), at("2010-11-07T04:00:00Z")))
                .isEqualTo(1 + 31);
    }

    @Test
    void impossibleAndRareRulesDoBoundedWork() {
        NavigableSet<LocalDate> days = LongStream.range(0, Timing.MAX_EXCLUDED)
                .mapToObj(day -> LocalDate.of(2026, 11, 24).plusDays(day))
                .collect(Collectors.toCollection(TreeSet::new));
        Timing timing = new Timing(every("PT1S"), "Europe/Vienna", null, null, Duration.ZERO, days);

        assertThat(Timetable.of(timing, STORED).next(at("2026-11-23T22:59:59.5Z")))
                .isEqualTo(at("2029-08-19T22:00:00Z").plusNanos(123_456_000));
    }

    @Test
    void nextPreviousAndCountAgree() {
        Random random = new Random(4);
        List<String> zones = List.of(
                "UTC", "Europe/Vienna", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca");
        for (int round = 0; round < 3_000; round++) {
            String zone = zones.get(random.nextInt(zones.size()));
            Instant from = at("2008-01-01T00:00:00Z").plusMillis(random.nextLong(20L * 365 * 86_400_000));
            List<String> excluded = new ArrayList<>();
            for (int day = random.nextInt(4); day > 0; day--) {
                excluded.add(from.plus(random.nextInt(60), ChronoUnit.DAYS)
                        .toString()
                        .substring(0, 10));
            }
            ScheduleRule rule = random.nextInt(4) == 0
                    ? every("PT" + (1 + random.nextInt(200_000)) + "S")
                    : new ScheduleRule.Cron(RandomCron.of(random).text());
            Timing timing = timing(rule, zone, null, null, excluded.toArray(String[]::new));
            Timetable table;
            try {
                table = Timetable.of(timing, from.minusSeconds(random.nextInt(1_000_000)));
            } catch (PulseException impossible) {
                continue;
            }
            agree(table, from, timing.toString());
        }
    }

    private static void agree(Timetable table, Instant from, String what) {
        Instant last = from;
        int steps = 0;
        for (Instant next = table.next(from); next != null && steps < 40; next = table.next(last)) {
            assertThat(next).as(what).isAfter(last);
            assertThat(table.previous(next)).as(what).isEqualTo(next);
            assertThat(table.count(last, next)).as(what).isEqualTo(1);
            assertThat(table.count(last, next.minusNanos(1))).as(what).isZero();
            Instant before = table.previous(next.minusNanos(1_000));
            if (before != null && !before.isAfter(from)) {
                assertThat(steps).as(what).isZero();
            } else if (before != null) {
                assertThat(before).as(what).isEqualTo(last);
            }
            last = next;
            steps++;
        }
        assertThat(table.count(from, last)).as(what).isEqualTo(steps);
    }
}
