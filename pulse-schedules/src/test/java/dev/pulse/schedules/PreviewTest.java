package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.LONG_AGO;
import static dev.pulse.schedules.Timetables.at;
import static dev.pulse.schedules.Timetables.cron;
import static dev.pulse.schedules.Timetables.every;
import static dev.pulse.schedules.Timetables.timing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a preview tells besides the instants. */
class PreviewTest {
    private static final Instant NOW = at("2026-11-23T00:00:00Z");

    @Test
    void nextTwoChangesAreToldAlsoWhenTheyAreFarOff() {
        Timetable.Preview preview = cron("30 2 * * *", "Europe/Vienna").preview(NOW, 2);

        assertThat(preview.items()).containsExactly(at("2026-11-23T01:30:00Z"), at("2026-11-24T01:30:00Z"));
        assertThat(preview.notes())
                .containsExactly(
                        "2027-03-28: 02:30 does not exist in Europe/Vienna (clocks go ahead from 02:00 to 03:00); fires at 03:00+02:00",
                        "2027-10-31: 02:30 comes twice in Europe/Vienna (clocks go back from 03:00 to 02:00); fires the first time only, at 02:30+02:00");
    }

    @Test
    void allChangesUpToTheLastItemAreTold() {
        assertThat(cron("30 2 * * *", "Europe/Vienna").preview(NOW, 1_000).notes())
                .hasSize(5);
    }

    @Test
    void changesThatDoNotTouchTheRuleAreNotTold() {
        assertThat(cron("0 7 * * MON-FRI", "Europe/Vienna").preview(NOW, 1_000).notes())
                .isEmpty();
        assertThat(cron("30 2 * * *", "UTC").preview(NOW, 1_000).notes()).isEmpty();
    }

    @Test
    void severalTimesInAGapAreToldTogether() {
        assertThat(cron("*/15 2 * * *", "Europe/Vienna").preview(NOW, 1).notes())
                .containsExactly(
                        "2027-03-28: 02:00, 02:15, 02:30 and more do not exist in Europe/Vienna (clocks go ahead from 02:00 to 03:00); fires at 03:00+02:00, once for all",
                        "2027-10-31: 02:00, 02:15, 02:30 and more come twice in Europe/Vienna (clocks go back from 03:00 to 02:00); fires the first time only, at 02:00+02:00 and so on");
    }

    @Test
    void ruleOfEveryHourSaysThatItFollowsElapsedTime() {
        assertThat(cron("0 * * * *", "Europe/Vienna").preview(NOW, 1).notes())
                .containsExactly(
                        "2027-03-28: 02:00 does not exist in Europe/Vienna (clocks go ahead from 02:00 to 03:00); follows elapsed time, so nothing is made up for",
                        "2027-10-31: 02:00 comes twice in Europe/Vienna (clocks go back from 03:00 to 02:00); follows elapsed time, so it fires each time");
    }

    @Test
    void changeOverMidnightNamesTheOtherDay() {
        Timetable table = cron("0 9 30 12 *", "Pacific/Apia");

        assertThat(table.preview(at("2011-12-01T00:00:00Z"), 1).notes())
                .contains(
                        "2011-12-30: 09:00 does not exist in Pacific/Apia (clocks go ahead from 00:00 to 2011-12-31 00:00);"
                                + " fires at 2011-12-31 00:00+14:00");
    }

    @Test
    void dayRulesAreExplained() {
        assertThat(cron("0 0 13 * FRI").preview(NOW, 1).notes())
                .containsExactly("day-of-month and day-of-week are both set: fires on days that match either");
        assertThat(cron("0 0 */2 * FRI").preview(NOW, 1).notes())
                .containsExactly("one day field begins with * or ?: fires on days that match both");
        assertThat(cron("0 0 31 * *").preview(NOW, 1).notes())
                .containsExactly("months without that day are skipped; L is the last day of each month");
        assertThat(cron("0 0 28,31 * *").preview(NOW, 1).notes()).isEmpty();
    }

    @Test
    void leapDaysAreListedAndTheYearWithoutOneIsNamed() {
        Timetable.Preview preview = cron("0 0 29 2 *").preview(NOW, 19);

        assertThat(preview.items()).startsWith(at("2028-02-29T00:00:00Z"), at("2032-02-29T00:00:00Z"));
        assertThat(preview.items()).contains(at("2096-02-29T00:00:00Z"), at("2104-02-29T00:00:00Z"));
        assertThat(preview.notes()).containsExactly("29 February exists in leap years only; 2100 is none");
        assertThat(cron("0 0 29 2 *").preview(NOW, 5).notes()).containsExactly("29 February exists in leap years only");
    }

    @Test
    void excludedDaysJitterAndEndAreTold() {
        Timing timing = new Timing(
                new ScheduleRule.Cron("0 3 * * *"),
                "UTC",
                null,
                at("2026-12-31T00:00:00Z"),
                Duration.ofMinutes(5),
                new TreeSet<>(List.of(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25))));
        Timetable.Preview preview = Timetable.of(timing, LONG_AGO).preview(NOW, 100);

        assertThat(preview.items()).hasSize(36).doesNotContain(at("2026-12-24T03:00:00Z"));
        assertThat(preview.notes())
                .containsExactly(
                        "2 excluded days: 2 occurrences are left out up to the last one shown",
                        "jitter: each job starts within 5m after its occurrence",
                        "no occurrence at or after 2026-12-31T00:00:00Z");
    }

    @Test
    void gridSaysThatClocksDoNotMoveIt() {
        assertThat(Timetable.of(timing(every("PT1H"), "Europe/Vienna", null, null), LONG_AGO)
                        .preview(NOW, 1)
                        .notes())
                .containsExactly("counts elapsed time: changes of the clock in Europe/Vienna do not move it");
        assertThat(Timetable.of(timing(every("PT1H"), "UTC", null, null), LONG_AGO)
                        .preview(NOW, 1)
                        .notes())
                .isEmpty();
    }

    @Test
    void noOccurrenceLeftIsAnEmptyPreview() {
        Timetable table = Timetable.of(Timing.of(new ScheduleRule.At(at("2026-01-01T00:00:00Z"))), LONG_AGO);

        assertThat(table.preview(NOW, 5)).isEqualTo(new Timetable.Preview(List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_001, Integer.MAX_VALUE})
    void countIsBounded(int count) {
        assertThatThrownBy(() -> cron("* * * * *").preview(NOW, count))
                .isInstanceOf(PulseException.class)
                .hasMessage("count: 1 to 1000 are allowed, got " + count);
    }
}
