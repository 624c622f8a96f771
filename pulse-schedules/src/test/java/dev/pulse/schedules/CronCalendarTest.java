package dev.pulse.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lists and stars in UTC, where nothing but the calendar decides, against a walk over each minute of three years. */
class CronCalendarTest {
    private static final LocalDateTime FROM = LocalDateTime.of(2027, 1, 1, 0, 0);
    private static final LocalDateTime UNTIL = LocalDateTime.of(2030, 1, 1, 0, 0);

    @Test
    void occurrencesAreTheMinutesThatMatch() {
        Random random = new Random(40);
        int compared = 0;
        for (int round = 0; round < 60; round++) {
            RandomCron cron = RandomCron.of(random);
            List<Instant> expected = walk(cron);
            assertThat(occurrences(cron)).as(cron.text()).isEqualTo(expected);
            compared += expected.size();
        }
        assertThat(compared).isGreaterThan(50_000);
    }

    private static List<Instant> walk(RandomCron cron) {
        List<Instant> found = new ArrayList<>();
        for (LocalDateTime day = FROM; day.isBefore(UNTIL); day = day.plusDays(1)) {
            if (cron.matchesDay(day)) {
                for (int minute = 0; minute < 1_440; minute++) {
                    if (cron.matchesTime(minute / 60, minute % 60)) {
                        found.add(day.plusMinutes(minute).toInstant(ZoneOffset.UTC));
                    }
                }
            }
        }
        return found;
    }

    private static List<Instant> occurrences(RandomCron cron) {
        List<Instant> found = new ArrayList<>();
        Instant until = UNTIL.toInstant(ZoneOffset.UTC).minusNanos(1);
        try {
            Timetable table = Timetable.of(Timing.of(new ScheduleRule.Cron(cron.text())), Timetables.LONG_AGO);
            Instant next = table.next(FROM.toInstant(ZoneOffset.UTC).minusNanos(1));
            while (next != null && !next.isAfter(until)) {
                found.add(next);
                next = table.next(next);
            }
        } catch (PulseException impossible) {
            assertThat(impossible).hasMessageContaining("never occurs");
        }
        return found;
    }
}
