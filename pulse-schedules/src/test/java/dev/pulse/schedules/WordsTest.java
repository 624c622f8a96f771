package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.LONG_AGO;
import static dev.pulse.schedules.Timetables.at;
import static dev.pulse.schedules.Timetables.every;
import static dev.pulse.schedules.Timetables.timing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 7 * * MON-FRI         | at 07:00 on Monday to Friday
        0 0 * * *               | at 00:00 every day
        59 59 23 * * *          | at 23:59:59 every day
        0 6,12,18 * * *         | at 06:00, 12:00 and 18:00 every day
        * * * * *               | every minute
        * * * * * *             | every second
        */10 * * * * *          | every 10 seconds
        */15 * * * *            | every 15 minutes
        7 * * * *               | at minute 7 of every hour
        5,35 * * * *            | at minutes 5 and 35 of every hour
        0 * * * *               | every hour
        0 */2 * * *             | every 2 hours
        30 * * * * *            | at second 30 of every minute
        */15 9-17 * * MON-FRI   | every 15 minutes in the hours 9 to 17 on Monday to Friday
        */20 */30 * * * *       | every 20 seconds in every 30th minute
        */5 3 * * *             | every 5 minutes in the hour 3
        0 0 1 * *               | at 00:00 on day 1 of the month
        0 0 1,15 * *            | at 00:00 on days 1 and 15 of the month
        0 0 1-7 * *             | at 00:00 on days 1 to 7 of the month
        0 0 L * *               | at 00:00 on the last day of the month
        0 0 L-1 * *             | at 00:00 on the day before the last of the month
        0 0 L-3 * *             | at 00:00 on the day 3 days before the last of the month
        0 0 LW * *              | at 00:00 on the last working day of the month
        0 0 15W * *             | at 00:00 on the working day nearest to day 15 of the month
        0 0 * * FRIL            | at 00:00 on the last Friday of the month
        0 0 * * SUN#2           | at 00:00 on the second Sunday of the month
        0 0 * * 0               | at 00:00 on Sunday
        0 0 * * SAT,SUN         | at 00:00 on Saturday and Sunday
        0 0 13 * FRI            | at 00:00 on day 13 of the month or on Friday
        0 0 */10 * FRI          | at 00:00 on days 1, 11, 21 and 31 of the month, but only on Friday
        0 0 29 2 *              | at 00:00 on day 29 of the month in February
        0 12 * JUN-AUG *        | at 12:00 every day in June to August
        """)
    void cronInWords(String expression, String words) {
        assertThat(Timetables.cron(expression, "Europe/Vienna").words()).isEqualTo(words + ", Europe/Vienna");
    }

    @Test
    void otherRulesInWords() {
        assertThat(words(Timing.of(every("PT90S")))).isEqualTo("every 90 s");
        assertThat(words(Timing.of(every("PT1.5S")))).isEqualTo("every 1500 ms");
        assertThat(words(Timing.of(every("P2D")))).isEqualTo("every 2 d");
        assertThat(words(Timing.of(new ScheduleRule.Every(Duration.ofMinutes(5), ScheduleRule.Pace.FIXED_DELAY))))
                .isEqualTo("5 min after the end of the job before");
        assertThat(words(Timing.of(new ScheduleRule.After(Duration.ofHours(1)))))
                .isEqualTo("once, 1 h after it was stored");
        assertThat(words(Timing.of(new ScheduleRule.At(at("2027-01-01T00:00:00Z")))))
                .isEqualTo("once at 2027-01-01T00:00:00Z");
    }

    @Test
    void boundsInWords() {
        assertThat(words(timing(
                        every("PT1H"),
                        "UTC",
                        "2027-01-01T00:00:00Z",
                        "2028-01-01T00:00:00Z",
                        "2027-05-01",
                        "2027-12-24")))
                .isEqualTo("every 1 h, from 2027-01-01T00:00:00Z, until 2028-01-01T00:00:00Z, without 2 excluded days");
    }

    private static String words(Timing timing) {
        return Timetable.of(timing, LONG_AGO).words();
    }
}
