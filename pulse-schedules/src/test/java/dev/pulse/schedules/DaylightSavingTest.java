package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.cron;
import static dev.pulse.schedules.Timetables.every;
import static dev.pulse.schedules.Timetables.instant;
import static dev.pulse.schedules.Timetables.shown;
import static dev.pulse.schedules.Timetables.timing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/schedules.md promises of days on which clocks change, case by case. */
class DaylightSavingTest {
    private static final String VIENNA = "Europe/Vienna";
    private static final String LORD_HOWE = "Australia/Lord_Howe";
    private static final String APIA = "Pacific/Apia";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        30 2 * * *       | 27T02:30+01:00 28T03:00+02:00 29T02:30+02:00
        0 2 * * *        | 27T02:00+01:00 28T03:00+02:00 29T02:00+02:00
        0 3 * * *        | 27T03:00+01:00 28T03:00+02:00 29T03:00+02:00
        30 1-3 * * *     | 27T01:30+01:00 27T02:30+01:00 27T03:30+01:00 28T01:30+01:00 28T03:00+02:00 28T03:30+02:00 29T01:30+02:00 29T02:30+02:00 29T03:30+02:00
        */20 2 28 * *    | 28T03:00+02:00
        0,30 2,3 28 * *  | 28T03:00+02:00 28T03:30+02:00
        59 59 1 28 * *   | 28T01:59:59+01:00
        30 */2 28 3 *    | 28T00:30+01:00 28T03:00+02:00 28T04:30+02:00 28T06:30+02:00 28T08:30+02:00 28T10:30+02:00 28T12:30+02:00 28T14:30+02:00 28T16:30+02:00 28T18:30+02:00 28T20:30+02:00 28T22:30+02:00
        """)
    void namedHoursInAGapFireOnceAtItsEnd(String expression, String days) {
        assertThat(shown(cron(expression, VIENNA), "2027-03-26T23:59:59", "2027-03-29T23:59:59", VIENNA))
                .containsExactlyElementsOf(in("2027-03-", days));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        30 2 * * *       | 30T02:30+02:00 31T02:30+02:00
        0 2 * * *        | 30T02:00+02:00 31T02:00+02:00
        0 3 * * *        | 30T03:00+02:00 31T03:00+01:00
        30 1-3 31 * *    | 31T01:30+02:00 31T02:30+02:00 31T03:30+01:00
        */20 2 31 * *    | 31T02:00+02:00 31T02:20+02:00 31T02:40+02:00
        """)
    void namedHoursThatComeTwiceFireTheFirstTime(String expression, String days) {
        assertThat(shown(cron(expression, VIENNA), "2027-10-29T23:59:59", "2027-10-31T23:59:59", VIENNA))
                .containsExactlyElementsOf(in("2027-10-", days));
    }

    @Test
    void everyHourFollowsElapsedTime() {
        assertThat(shown(cron("0 * * * *", VIENNA), "2027-03-28T00:30:00", "2027-03-28T04:30:00", VIENNA))
                .containsExactlyElementsOf(in("2027-03-", "28T01:00+01:00 28T03:00+02:00 28T04:00+02:00"));
        assertThat(shown(cron("30 * * * *", VIENNA), "2027-10-31T01:00:00", "2027-10-31T03:00:00", VIENNA))
                .containsExactlyElementsOf(in("2027-10-", "31T01:30+02:00 31T02:30+02:00 31T02:30+01:00"));
    }

    @Test
    void allHoursWrittenOutAreEveryHour() {
        assertThat(shown(cron("30 0-23 * * *", VIENNA), "2027-10-31T01:00:00", "2027-10-31T03:00:00", VIENNA))
                .hasSize(3);
        assertThat(shown(cron("30 0-11,12-23/1 * * *", VIENNA), "2027-10-31T01:00:00", "2027-10-31T03:00:00", VIENNA))
                .hasSize(3);
    }

    @Test
    void gridOfEveryIsElapsedTime() {
        Timetable table =
                Timetable.of(timing(every("PT1H"), VIENNA, "2027-03-27T23:00:00Z", null), Timetables.LONG_AGO);

        assertThat(shown(table, "2027-03-28T00:30:00", "2027-03-28T04:30:00", VIENNA))
                .containsExactlyElementsOf(in("2027-03-", "28T01:00+01:00 28T03:00+02:00 28T04:00+02:00"));
    }

    @Test
    void changeOfHalfAnHourIsOfHalfAnHour() {
        assertThat(shown(cron("15 2 * * *", LORD_HOWE), "2026-10-04T00:00:00", "2026-10-04T23:00:00", LORD_HOWE))
                .containsExactly("2026-10-04T02:30+11:00");
        assertThat(shown(cron("45 1 * * *", LORD_HOWE), "2027-04-04T00:00:00", "2027-04-04T23:00:00", LORD_HOWE))
                .containsExactly("2027-04-04T01:45+11:00");
        assertThat(shown(cron("*/15 * * * *", LORD_HOWE), "2027-04-04T01:15:00", "2027-04-04T02:00:00", LORD_HOWE))
                .containsExactlyElementsOf(
                        in("2027-04-", "04T01:30+11:00 04T01:45+11:00 04T01:30+10:30 04T01:45+10:30 04T02:00+10:30"));
    }

    @Test
    void dayThatWasLeftOutFiresAtItsEnd() {
        assertThat(shown(cron("0 9 * * *", APIA), "2011-12-29T00:00:00", "2012-01-01T00:00:00", APIA))
                .containsExactly("2011-12-29T09:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T09:00+14:00");
        assertThat(shown(cron("0 9 30 12 *", APIA), "2011-12-29T00:00:00", "2012-01-01T00:00:00", APIA))
                .containsExactly("2011-12-31T00:00+14:00");
        assertThat(shown(cron("0 */6 * * *", APIA), "2011-12-29T17:00:00", "2011-12-31T07:00:00", APIA))
                .containsExactly("2011-12-29T18:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T06:00+14:00");
    }

    @Test
    void dayThatWasPlannedDecidesWhetherItIsExcluded() {
        assertThat(shown(cron("0 9 * * *", APIA, "2011-12-30"), "2011-12-29T00:00:00", "2012-01-01T00:00:00", APIA))
                .containsExactly("2011-12-29T09:00-10:00", "2011-12-31T09:00+14:00");
        assertThat(shown(cron("0 9 * * *", APIA, "2011-12-31"), "2011-12-29T00:00:00", "2012-01-01T00:00:00", APIA))
                .containsExactly("2011-12-29T09:00-10:00", "2011-12-31T00:00+14:00");
    }

    @Test
    void offsetsWithSecondsAreRight() {
        String monrovia = "Africa/Monrovia";
        Timetable nightly = Timetable.of(Timing.of(new ScheduleRule.Cron("20 0 * * *"), monrovia), Instant.EPOCH);

        assertThat(shown(nightly, "1972-01-06T00:00:00", "1972-01-08T23:00:00", monrovia))
                .containsExactly("1972-01-06T00:20-00:44:30", "1972-01-07T00:44:30Z", "1972-01-08T00:20Z");
    }

    @Test
    void countAgreesWhereManyTimesFallIntoOneGap() {
        Timetable table = cron("*/5 2,3 * * *", VIENNA);

        assertThat(table.count(instant("2027-03-28T00:00:00", VIENNA), instant("2027-03-28T05:00:00", VIENNA)))
                .isEqualTo(12);
        assertThat(table.count(instant("2027-03-28T03:00:00", VIENNA), instant("2027-03-28T05:00:00", VIENNA)))
                .isEqualTo(11);
        assertThat(table.count(instant("2027-10-31T00:00:00", VIENNA), instant("2027-10-31T05:00:00", VIENNA)))
                .isEqualTo(24);
    }

    private static List<String> in(String month, String days) {
        return List.of(days.split(" ", -1)).stream().map(day -> month + day).toList();
    }
}
