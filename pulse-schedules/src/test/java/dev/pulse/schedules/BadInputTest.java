package dev.pulse.schedules;

import static dev.pulse.schedules.Timetables.LONG_AGO;
import static dev.pulse.schedules.Timetables.at;
import static dev.pulse.schedules.Timetables.every;
import static dev.pulse.schedules.Timetables.timing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write by mistake, and what they are told. */
class BadInputTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        ~~                   | must not be empty; 5 fields (or 6 with seconds) are allowed
        ~   ~                | must not be empty; 5 fields (or 6 with seconds) are allowed
        *                    | 1 field; 5 fields (or 6 with seconds) are allowed
        * * * *              | 4 fields; 5 fields (or 6 with seconds) are allowed
        0 0 0 1 1 ? 2027     | 7 fields; 5 fields (or 6 with seconds) are allowed
        * * * * * * * *      | 8 fields; 5 fields (or 6 with seconds) are allowed
        60 * * * *           | minute: 60, allowed 0-59 (column 1)
        60 * * * * *         | second: 60, allowed 0-59 (column 1)
        * 24 * * *           | hour: 24, allowed 0-23 (column 3)
        * * 0 * *            | day-of-month: 0, allowed 1-31 (column 5)
        * * 32 * *           | day-of-month: 32, allowed 1-31 (column 5)
        * * * 0 *            | month: 0, allowed 1-12 (column 7)
        * * * 13 *           | month: 13, allowed 1-12 (column 7)
        * * * * 8            | day-of-week: 8, allowed 0-7 (column 9)
        * 1,7-24 * * *       | hour: 24, allowed 0-23 (column 5)
        */0 * * * *          | minute: step 0, allowed 1-60 (column 1)
        */61 * * * *         | minute: step 61, allowed 1-60 (column 1)
        * */25 * * *         | hour: step 25, allowed 1-24 (column 3)
        5-9/0 * * * *        | minute: step 0, allowed 1-60 (column 1)
        */-5 * * * *         | minute: */-5 cannot be read; write *, a number of 0-59
        -5 * * * *           | minute: -5 cannot be read
        5-1 * * * *          | minute: 5-1 runs backwards; write 5-59,0-1 (column 1)
        * 22-2 * * *         | hour: 22-2 runs backwards; write 22-23,0-2 (column 3)
        * * * * 5-1          | day-of-week: 5-1 runs backwards; write 5-6,0-1 (column 9)
        1- * * * *           | minute: 1- cannot be read
        1,- * * * *          | minute: - cannot be read; write *, a number of 0-59, a range, a step such as */5 (column 3)
        , * * * *            | minute: nothing between two commas or beside one (column 1)
        1, * * * *           | minute: nothing between two commas or beside one (column 3)
        1,,2 * * * *         | minute: nothing between two commas or beside one (column 3)
        a-b * * * *          | minute: a-b cannot be read
        1-2-3 * * * *        | minute: 1-2-3 cannot be read
        1-2/3/4 * * * *      | minute: 1-2/3/4 cannot be read
        */ * * * *           | minute: */ cannot be read
        /5 * * * *           | minute: /5 cannot be read
        ** * * * *           | minute: ** cannot be read
        1.5 * * * *          | minute: 1.5 cannot be read
        +5 * * * *           | minute: +5 cannot be read
        99999999999 * * * *  | minute: 99999999999 cannot be read
        MON * * * *          | minute: MON cannot be read
        * * * MON *          | month: MON cannot be read; write *, a number of 1-12 or JAN-DEC
        * * * * JAN          | day-of-week: JAN cannot be read; write *, a number of 0-7 or SUN-SAT
        * * * * MONDAY       | day-of-week: MONDAY cannot be read
        * * * FOO-BAR *      | month: FOO-BAR cannot be read
        ? * * * *            | minute: ? cannot be read
        L * * * *            | minute: L cannot be read
        * * * L *            | month: L cannot be read
        * * * * L            | day-of-week: L cannot be read
        * * * * LW           | day-of-week: LW cannot be read
        * * * * 15W          | day-of-week: 15W cannot be read
        * * 5L * *           | day-of-month: 5L cannot be read
        * * FRI#2 * *        | day-of-month: FRI#2 cannot be read
        * * xW * *           | day-of-month: xW cannot be read
        * * 32W * *          | day-of-month: 32, allowed 1-31 (column 5)
        * * L-31 * *         | day-of-month: 31 before the last day, allowed 0-30 (column 5)
        * * L-3W * *         | day-of-month: L-3W cannot be read
        * * W * *            | day-of-month: W cannot be read
        * * ?,5 * *          | day-of-month: ? stands alone or not at all (column 5)
        * * * * FRI#6        | day-of-week: 6 of the month, allowed 1-5 (column 9)
        * * * * FRI#0        | day-of-week: 0 of the month, allowed 1-5 (column 9)
        * * * * 8#2          | day-of-week: 8, allowed 0-7 (column 9)
        * * * * FRI#         | day-of-week: FRI# cannot be read
        * * * * 8L           | day-of-week: 8, allowed 0-7 (column 9)
        @reboot              | @reboot is not supported: a schedule knows of time, not of starts
        @REBOOT              | @reboot is not supported
        @every 90s           | @every is no cron expression here; use the field every, for example every: 90s
        @fortnightly         | @fortnightly is unknown; @yearly, @annually, @monthly, @weekly, @daily
        @daily 5             | 5 is unknown
        @                    | @ is unknown
        ß * * * *            | minute: \\u00df cannot be read
        """)
    void cronTextIsRefusedWithASentence(String expression, String sentence) {
        Violation fault = refused(Timing.of(new ScheduleRule.Cron(expression)), LONG_AGO);

        assertThat(fault.field()).isEqualTo("cron");
        assertThat(fault.message()).startsWith(sentence);
    }

    @Test
    void hiddenCharactersAreShownAsWhatTheyAre() {
        assertThat(refused(Timing.of(new ScheduleRule.Cron("\u202e5\n * * * *")), LONG_AGO)
                        .message())
                .startsWith("minute: \\u202e5\\u000a cannot be read");
    }

    static Stream<String> tooLong() {
        String allMinutes = String.join(
                ",",
                IntStream.range(0, 3_600)
                        .mapToObj(minute -> String.valueOf(minute % 60))
                        .toList());
        return Stream.of(allMinutes + " * * * *", ",".repeat(1_000) + " * * * *", "* * * * " + " ".repeat(250) + "*");
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void cronTextIsBounded(String expression) {
        assertThat(refused(Timing.of(new ScheduleRule.Cron(expression)), LONG_AGO)
                        .message())
                .isEqualTo(expression.length() + " characters, at most 256");
    }

    @Test
    void listOfAllMinutesThatFitsIsRead() {
        String minutes = String.join(
                ",", IntStream.range(0, 60).mapToObj(Integer::toString).toList());
        assertThat(Timetables.cron(minutes + " * * * *").words()).isEqualTo("every minute, UTC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 30 2 *",
                "0 0 31 2 *",
                "0 0 30,31 2 *",
                "0 0 30-31 FEB *",
                "0 0 31 4,6,9,11 *",
                "0 0 31 APR-JUN/2 *",
                "0 0 31 2-6/2 *",
                "0 0 30W 2 *",
                "0 0 31W 2,4,6,9,11 *",
                "0 0 L-29 2 *",
                "0 0 L-30 2,4,6,9,11 *",
                "0 0 30 2 ?",
                "0 0 30 2 */2",
                "* * 30 2 *",
                "* * * 30 2 *",
                "59 59 23 31 11 *",
                "0 0 31 SEP *",
                "0 0 30/1 2 *",
                "*/5 * 31 6 *",
                "0 0 30,31,30W 2 *",
            })
    void impossibleDatesNeverOccur(String expression) {
        assertThat(refused(Timing.of(new ScheduleRule.Cron(expression), "Europe/Vienna"), LONG_AGO))
                .isEqualTo(new Violation("cron", "never occurs: no day matches within 28 years"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CET+1",
                "Mars/Base",
                "",
                " ",
                "+02:00",
                "UTC+2",
                "GMT+2",
                "Z",
                "europe/vienna",
                "UTC\u0000",
                "../etc"
            })
    void zoneThatTheDatabaseDoesNotHaveIsRefused(String zone) {
        Violation fault = refused(Timing.of(new ScheduleRule.Cron("0 0 * * *"), zone), LONG_AGO);
        List<Violation> faults = new ArrayList<>();

        assertThat(fault.field()).isEqualTo("time_zone");
        assertThat(Rules.zone(zone, faults)).isNull();
        assertThat(faults).containsExactly(fault);
    }

    @Test
    void zoneInOtherCaseIsSuggested() {
        assertThat(refused(Timing.of(new ScheduleRule.Cron("0 0 * * *"), "europe/vienna"), LONG_AGO)
                        .message())
                .isEqualTo("europe/vienna is unknown; did you mean Europe/Vienna?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.001S", "PT0.999999999S", "PT-5S", "P36501D", "PT1.0005S"})
    void periodBelowTheFloorOrFinerThanAMillisecondIsRefused(String period) {
        assertThat(refused(Timing.of(every(period)), LONG_AGO).field()).isEqualTo("every");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        0s      | 1s to 36500d are allowed, got 0s
        1ms     | 1s to 36500d are allowed, got 1ms
        999ms   | 1s to 36500d are allowed, got 999ms
        36501d  | 0s to 36500d are allowed, got 36501d
        1.0005s | whole milliseconds are allowed, got 1.0005s
        ~~      | not a duration
        -5s     | not a duration
        PT-5S   | must not be negative, got PT-5S
        often   | not a duration
        """)
    void periodTextIsRefusedWithASentence(String text, String sentence) {
        List<Violation> faults = new ArrayList<>();

        assertThat(Rules.every(text, ScheduleRule.Pace.FIXED_RATE, faults)).isNull();
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().field()).isEqualTo("every");
        assertThat(faults.getFirst().message()).startsWith(sentence);
    }

    @Test
    void delayIsAboveZero() {
        List<Violation> faults = new ArrayList<>();

        assertThat(Rules.after("0s", faults)).isNull();
        assertThat(faults).containsExactly(new Violation("after", "1ms to 36500d are allowed, got 0s"));
        assertThat(refused(Timing.of(new ScheduleRule.After(Duration.ZERO)), LONG_AGO)
                        .field())
                .isEqualTo("after");
    }

    @Test
    void jitterIsADayAtMost() {
        List<Violation> faults = new ArrayList<>();
        Timing timing =
                new Timing(every("PT1M"), "UTC", null, null, Duration.ofHours(25), Collections.emptyNavigableSet());

        assertThat(Rules.jitter("25h", faults)).isNull();
        assertThat(faults).containsExactly(new Violation("jitter", "0s to 1d are allowed, got 1d1h"));
        assertThat(refused(timing, LONG_AGO)).isEqualTo(faults.getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-02-30", "2026-13-01", "26-1-1", "2026-12-24T00:00:00Z", "", "tomorrow", "+10000-01-01"})
    void excludedTextThatIsNoDayIsRefused(String day) {
        List<Violation> faults = new ArrayList<>();

        assertThat(Rules.excluded(List.of("2026-12-24", day), faults)).isNull();
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().field()).isEqualTo("excluded_days");
    }

    @Test
    void excludedDaysAreBounded() {
        NavigableSet<LocalDate> days = new TreeSet<>();
        IntStream.rangeClosed(0, Timing.MAX_EXCLUDED).forEach(day -> days.add(LocalDate.EPOCH.plusDays(day)));
        List<Violation> faults = new ArrayList<>();

        assertThat(Rules.excluded(days.stream().map(LocalDate::toString).toList(), faults))
                .isNull();
        assertThat(faults).containsExactly(new Violation("excluded_days", "1001 days, at most 1000"));
        assertThat(refused(new Timing(every("PT1M"), "UTC", null, null, Duration.ZERO, days), LONG_AGO))
                .isEqualTo(faults.getFirst());
    }

    @Test
    void endBeforeStartIsRefused() {
        assertThat(refused(timing(every("PT1M"), "UTC", "2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"), LONG_AGO))
                .isEqualTo(new Violation("end", "2027-01-01T00:00:00Z is not after the start, 2027-01-02T00:00:00Z"));
        assertThat(refused(timing(every("PT1M"), "UTC", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), LONG_AGO)
                        .field())
                .isEqualTo("end");
    }

    @Test
    void boundsWithoutAnOccurrenceBetweenThemAreRefused() {
        Timing nightly =
                timing(new ScheduleRule.Cron("0 3 * * *"), "UTC", "2027-01-01T04:00:00Z", "2027-01-02T03:00:00Z");

        assertThat(refused(nightly, LONG_AGO))
                .isEqualTo(
                        new Violation(
                                "end",
                                "never occurs: the first occurrence, 2027-01-02T03:00:00Z, is not before the end, 2027-01-02T03:00:00Z"));
    }

    @Test
    void endBeforeTheScheduleWasStoredIsRefused() {
        assertThat(refused(timing(every("PT1M"), "UTC", null, "2026-11-23T00:00:00Z"), at("2026-11-23T00:00:00Z"))
                        .field())
                .isEqualTo("end");
    }

    @Test
    void ruleWhoseEveryOccurrenceIsExcludedIsRefused() {
        assertThat(refused(
                        timing(
                                new ScheduleRule.Cron("0 3 24 12 *"),
                                "UTC",
                                null,
                                "2027-12-31T00:00:00Z",
                                "2026-12-24",
                                "2027-12-24"),
                        at("2026-11-23T00:00:00Z")))
                .isEqualTo(new Violation("excluded_days", "never occurs: each occurrence is on an excluded day"));
        assertThat(refused(
                                timing(
                                        new ScheduleRule.At(at("2026-12-24T23:30:00Z")),
                                        "Europe/Vienna",
                                        null,
                                        null,
                                        "2026-12-25"),
                                LONG_AGO)
                        .field())
                .isEqualTo("excluded_days");
    }

    @Test
    void instantInThePastNeverOccurs() {
        Instant now = at("2026-11-23T00:00:00Z");

        assertThat(refused(Timing.of(new ScheduleRule.At(now.minusSeconds(1))), now))
                .isEqualTo(new Violation(
                        "at", "never occurs: 2026-11-22T23:59:59Z is not in the future, it is 2026-11-23T00:00:00Z"));
        assertThat(refused(timing(new ScheduleRule.At(now), "UTC", "2027-01-01T00:00:00Z", null), LONG_AGO)
                        .message())
                .contains("before the start");
    }

    @Test
    void yearsBeyondTheDatabaseAreRefused() {
        Timing timing = new Timing(
                new ScheduleRule.At(Instant.MAX),
                "UTC",
                Instant.MIN,
                Instant.MAX,
                Duration.ZERO,
                Collections.emptyNavigableSet());

        PulseException refusal = refusal(timing, LONG_AGO);

        assertThat(refusal.violations()).extracting(Violation::field).containsExactly("at", "start", "end");
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        Timing timing = new Timing(
                new ScheduleRule.Cron("60 * * * *"),
                "Mars/Base",
                at("2027-01-01T00:00:00Z"),
                at("2026-01-01T00:00:00Z"),
                Duration.ofDays(2),
                Collections.emptyNavigableSet());

        PulseException refusal = refusal(timing, LONG_AGO);

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.violations())
                .extracting(Violation::field)
                .containsExactly("cron", "end", "jitter", "time_zone");
    }

    private static Violation refused(Timing timing, Instant anchor) {
        PulseException refusal = refusal(timing, anchor);
        assertThat(refusal.violations()).hasSize(1);
        return refusal.violations().getFirst();
    }

    private static PulseException refusal(Timing timing, Instant anchor) {
        return catchThrowableOfType(PulseException.class, () -> Timetable.of(timing, anchor));
    }
}
