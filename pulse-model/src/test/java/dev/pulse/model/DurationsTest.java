package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0s,                   PT0S
            90s,                  PT90S
            5m,                   PT5M
            2h,                   PT2H
            1d,                   PT24H
            250ms,                PT0.25S
            1h30m,                PT1H30M
            1.5s,                 PT1.5S
            0.5ms,                PT0.0005S
            1d2h3m4s5ms,          PT26H3M4.005S
            0.000000001s,         PT0.000000001S
            36500d,               PT876000H
            PT5M,                 PT5M
            pt5m,                 PT5M
            P1DT1H,               PT25H
            PT0.25S,              PT0.25S
            PT0S,                 PT0S
            """)
    void bothFormsAreRead(String text, String iso) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.parse(iso));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "s",
                "5 s",
                "5 min",
                "5min",
                "5S",
                "5M",
                " 5s",
                "5s ",
                "5s\n",
                "-5s",
                "+5s",
                "1e9d",
                ".5s",
                "5.s",
                "1.0000000001s",
                "1000000000000d",
                "5s,",
                "5sm",
                "5y",
                "٥s",
                "NaN",
                "Infinity",
                "P",
                "PT",
                "P1Y",
                "P1M",
                "PTS",
                "PT1",
                "PT99999999999999999999H",
                "null"
            })
    void otherTextIsRefusedWithExamples(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageStartingWith("not a duration: \"")
                .withMessageEndingWith("; write 250ms, 90s, 5m, 2h, 1d, 1h30m or PT5M");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PT-5M              | must not be negative, got PT-5M
            -PT5M              | not a duration
            P-1D               | must not be negative, got P-1D
            36500d1ms          | 0s to 36500d are allowed, got 36500d1ms
            999999999999d      | 0s to 36500d are allowed, got 999999999999d
            P36501D            | 0s to 36500d are allowed, got P36501D
            """)
    void durationOutOfRangeIsRefusedBySayingWhatIsAllowed(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageStartingWith(message);
    }

    @Test
    void overlongTextIsRefusedAndCutInTheMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse("1s".repeat(1_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(160).contains("…"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void formattedTextIsReadBackToTheSameDuration(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        long longest = Durations.MAX.toNanos();
        for (int i = 0; i < 500; i++) {
            long unit = new long[] {1, 1_000_000, 1_000_000_000, 60_000_000_000L}[dice.nextInt(4)];
            long bound = Math.min(1L << dice.nextInt(1, 62), longest);
            Duration duration = Duration.ofNanos(dice.nextLong(bound + 1) / unit * unit);
            assertThat(Durations.parse(Durations.format(duration)))
                    .as(() -> Durations.format(duration))
                    .isEqualTo(duration);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            PT0S,             0s
            PT90S,            1m30s
            PT0.25S,          250ms
            PT1.5S,           1s500ms
            PT0.0000005S,     0.0000005s
            PT1M0.0000005S,   1m0.0000005s
            PT25H,            1d1h
            PT-5S,            PT-5S
            """)
    void durationIsWrittenForPeople(String iso, String text) {
        assertThat(Durations.format(Duration.parse(iso))).isEqualTo(text);
    }
}
