package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.at;
import static dev.pulse.schedules.Timetables.cron;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an expression means, by the instants that follow 2026-11-23 (a Monday), in UTC. */
class CronTextTest {
    private static final Instant MONDAY = at("2026-11-23T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 0 * * *           | 11-24 11-25 11-26
        0 0 * * MON-FRI     | 11-24 11-25 11-26 11-27 11-30
        0 0 * * mon-Fri     | 11-24 11-25 11-26 11-27 11-30
        0 0 * * 1-5         | 11-24 11-25 11-26 11-27 11-30
        0 0 * * 0           | 11-29 12-06
        0 0 * * 7           | 11-29 12-06
        0 0 * * SUN         | 11-29 12-06
        0 0 * * 5-7         | 11-27 11-28 11-29 12-04
        0 0 * * SUN-SAT     | 11-24 11-25
        0 0 * * FRI-MON     | 11-27 11-28 11-29 11-30 12-04
        0 0 * * SAT-SUN     | 11-28 11-29 12-05
        0 0 * * FRI-MON/2   | 11-27 11-29 12-04
        0 0 * * */2         | 11-24 11-26 11-28 11-29 12-01
        0 0 * * 1/3         | 11-26 11-30 12-03
        0 0 * * SUN/3       | 11-25 11-28 11-29 12-02
        0 0 * * 7/3         | 11-25 11-28 11-29 12-02
        0 0 * * 0-7         | 11-24 11-25
        0 0 * * 5-SUN       | 11-27 11-28 11-29 12-04
        0 0 * * SUN,WED     | 11-25 11-29 12-02
        0 0 1 NOV-FEB *     | 12-01 01-01 02-01 11-01
        0 0 1 nov,jan *     | 01-01 11-01
        0 0 1 */5 *         | 01-01 06-01 11-01
        0 0 1 2/5 *         | 12-01 02-01 07-01
        0 0 10/10 * *       | 11-30 12-10 12-20 12-30
        0 0 10-20/5 * *     | 12-10 12-15 12-20 01-10
        0 0 L * *           | 11-30 12-31 01-31 02-28
        0 0 L-3 * *         | 11-27 12-28 01-28 02-25
        0 0 L-30 * *        | 12-01 01-01 03-01
        0 0 1,15,L * *      | 11-30 12-01 12-15 12-31
        0 0 LW * *          | 11-30 12-31 01-29 02-26
        0 0 lw * *          | 11-30 12-31
        0 0 15W * *         | 12-15 01-15 02-15 03-15 04-15 05-14
        0 0 1W * *          | 12-01 01-01 02-01 03-01 04-01 05-03
        0 0 31W * *         | 12-31 01-29 03-31 05-31
        0 0 28W 2 *         | 02-26 02-28
        0 0 * * FRIL        | 11-27 12-25 01-29
        0 0 * * 5L          | 11-27 12-25 01-29
        0 0 * * 0L          | 11-29 12-27
        0 0 * * 7L          | 11-29 12-27
        0 0 * * FRI#2       | 12-11 01-08
        0 0 * * 5#2         | 12-11 01-08
        0 0 * * MON#5       | 11-30 03-29
        0 0 * * SUN#1,7#2   | 12-06 12-13 01-03
        0 0 ? * MON         | 11-30 12-07
        0 0 13 * ?          | 12-13 01-13
        0 0 31 * *          | 12-31 01-31 03-31 05-31
        0 0 29 2 *          | 02-29 02-29
        @yearly             | 01-01 01-01
        @annually           | 01-01 01-01
        @monthly            | 12-01 01-01
        @weekly             | 11-29 12-06
        @Daily              | 11-24 11-25
        @midnight           | 11-24 11-25
        """)
    void dayFieldsMean(String expression, String days) {
        List<String> expected = List.of(days.split(" ", -1));
        assertThat(next(expression, expected.size()))
                .containsExactlyElementsOf(
                        expected.stream().map(day -> day + " 00:00:00").toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        */15 * * * *        | 00:15:00 00:30:00 00:45:00 01:00:00
        5/20 * * * *        | 00:05:00 00:25:00 00:45:00 01:05:00
        10-50/20 * * * *    | 00:10:00 00:30:00 00:50:00 01:10:00
        */60 * * * *        | 01:00:00 02:00:00
        1,3-5,58 * * * *    | 00:01:00 00:03:00 00:04:00 00:05:00 00:58:00 01:01:00
        30 */8 * * *        | 00:30:00 08:30:00 16:30:00
        0 22-23,0-1 * * *   | 01:00:00 22:00:00 23:00:00
        * * * * * *         | 00:00:01 00:00:02 00:00:03
        */20 59 23 * * *    | 23:59:00 23:59:20 23:59:40
        7 * * * * *         | 00:00:07 00:01:07
        @hourly             | 01:00:00 02:00:00
        59 23 * * *         | 23:59:00
        """)
    void timeFieldsMean(String expression, String times) {
        List<String> expected = List.of(times.split(" ", -1));
        assertThat(next(expression, expected.size()))
                .containsExactlyElementsOf(
                        expected.stream().map(time -> "11-23 " + time).toList());
    }

    @Test
    void spacesAndTabsAroundFieldsDoNotMatter() {
        assertThat(next(" \t0   7\t* * *  ", 1)).isEqualTo(next("0 7 * * *", 1));
    }

    @Test
    void eitherDayFieldMatchesWhenBothAreSet() {
        assertThat(next("0 0 13 * FRI", 4))
                .containsExactly("11-27 00:00:00", "12-04 00:00:00", "12-11 00:00:00", "12-13 00:00:00");
    }

    @Test
    void bothDayFieldsMatchWhenOneBeginsWithAStar() {
        assertThat(next("0 0 */2 * MON", 3)).containsExactly("12-07 00:00:00", "12-21 00:00:00", "01-11 00:00:00");
    }

    private static List<String> next(String expression, int count) {
        List<String> found = new ArrayList<>();
        for (Instant instant : cron(expression).preview(MONDAY, count).items()) {
            String text = instant.atOffset(ZoneOffset.UTC).toLocalDateTime() + ":00";
            found.add(text.substring(5, 19).replace('T', ' '));
        }
        return found;
    }
}
