package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final RandomGenerator NO_DICE = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new AssertionError("no jitter, no dice");
        }
    };

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @Test
    void defaultIsThatOfTheContract() {
        assertThat(Backoff.parse("quadratic 1s cap 1h jitter 0.1")).isEqualTo(Backoff.DEFAULT);
        assertThat(Backoff.DEFAULT.format()).isEqualTo("quadratic 1s cap 1h jitter 0.1");
        assertThat(Policy.DEFAULT).isEqualTo(new Policy(20, Backoff.DEFAULT, null));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fixed 5s,                               fixed 5s cap 1h jitter 0
            FIXED 5S,                               fixed 5s cap 1h jitter 0
            '  quadratic   250ms  ',                quadratic 250ms cap 1h jitter 0
            fixed 2h,                               fixed 2h cap 2h jitter 0
            fixed PT5M,                             fixed 5m cap 1h jitter 0
            exponential 1s x 2,                     exponential 1s x 2 cap 1h jitter 0
            exponential 1s x 1.5 jitter 1 cap 90s,  exponential 1s x 1.5 cap 1m30s jitter 1
            exponential 50ms x 1e1 cap 5s,          exponential 50ms x 10 cap 5s jitter 0
            fixed 1s cap 1s jitter 0.25,            fixed 1s cap 1s jitter 0.25
            """)
    void textIsReadAndWrittenInOneForm(String text, String canonical) {
        assertThat(Backoff.parse(text).format()).isEqualTo(canonical);
        assertThat(Backoff.parse(canonical)).isEqualTo(Backoff.parse(text));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void formattedTextIsReadBackToAnEqualValue(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Backoff backoff = anyBackoff(dice);
            assertThat(Backoff.parse(backoff.format())).as(backoff::format).isEqualTo(backoff);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "fixed",
                "5s",
                "linear 5s",
                "fixed 5s cap",
                "fixed 5s jitter",
                "fixed 5s cap 1h cap 2h",
                "fixed 5s jitter 0 jitter 0",
                "fixed 5s 6s",
                "fixed 5s x 2",
                "quadratic 1s x 2",
                "exponential 1s",
                "exponential 1s 2",
                "exponential 1s x",
                "exponential 1s x two",
                "exponential 1s x 2f",
                "exponential 1s x 2d",
                "exponential 1s x 0x1p3",
                "exponential 1s x NaN",
                "exponential 1s x Infinity",
                "exponential 1s x -2",
                "exponential 1s x +2",
                "exponential 1s x .5",
                "fixed 5s jitter NaN",
                "fixed 5s jitter -0.1",
                "fixed 5s jitter 10%",
                "fixed 5s jitter 0,1"
            })
    void textOutsideTheGrammarIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.parse(text))
                .withMessageStartingWith("not a backoff: \"")
                .withMessageContaining("write `fixed 5s`, `quadratic 1s` or `exponential 1s x 2`");
    }

    @Test
    void overlongTextIsRefusedAndCutInTheMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.parse("fixed 5s " + "cap 1h ".repeat(1_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fixed 0s                     | the base wait must be above 0
            fixed 36501d                 | 0s to 36500d are allowed, got 36501d
            fixed soon                   | not a duration: "soon"
            fixed 5                      | not a duration: "5"
            fixed 5s cap never           | not a duration: "never"
            fixed 5s cap 4s              | cap must not be below 5s
            quadratic 1m cap 0s          | cap must not be below 1m
            exponential 1s x 0.99        | the factor must be between 1 and 1000
            exponential 1s x 1001        | the factor must be between 1 and 1000
            exponential 1s x 1e400       | the factor must be between 1 and 1000
            fixed 5s jitter 1.01         | jitter must be between 0 and 1
            """)
    void valueOutOfRangeIsRefusedBySayingWhatIsAllowed(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.parse(text))
                .withMessageStartingWith(message);
    }

    @Test
    void valueMadeInCodeIsHeldToTheSameBounds() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Backoff.Shape.FIXED, second.negated(), 1, second, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Backoff.Shape.FIXED, second, 2, second, 0))
                .withMessage("only exponential takes a factor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Backoff.Shape.EXPONENTIAL, second, Double.NaN, second, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Backoff.Shape.FIXED, second, 1, second, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Backoff.Shape.FIXED, second, 1, Durations.MAX.plusNanos(1), 0));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fixed 5s,                       1,    5s
            fixed 5s,                       7,    5s
            quadratic 1s,                   1,    1s
            quadratic 1s,                   2,    4s
            quadratic 1s,                   3,    9s
            quadratic 500ms,                3,    4500ms
            quadratic 1s,                   59,   3481s
            quadratic 1s,                   60,   1h
            quadratic 1s,                   61,   1h
            quadratic 1s,                   1000, 1h
            quadratic 1s cap 10s,           4,    10s
            exponential 1s x 2,             1,    1s
            exponential 1s x 2,             2,    2s
            exponential 1s x 2,             5,    16s
            exponential 1s x 2,             1000, 1h
            exponential 100ms x 1.5,        3,    225ms
            exponential 1s x 1,             9,    1s
            exponential 1s x 1000 cap 1d,   1000, 1d
            fixed 36500d,                   1000, 36500d
            """)
    void waitGrowsAsItsShapeSaysUpToTheCap(String text, int charged, String wait) {
        assertThat(Backoff.parse(text).delay(charged, NO_DICE)).isEqualTo(Durations.parse(wait));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void waitStaysWithinZeroAndTheCapWhateverTheDice(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Backoff backoff = anyBackoff(dice);
            Duration wait = backoff.delay(dice.nextInt(1, 1_001), dice);
            assertThat(wait).as(backoff::format).isBetween(Duration.ZERO, backoff.cap());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void jitterSpreadsOverItsPartBothWays(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        Backoff backoff = Backoff.parse("fixed 100s jitter 0.2");
        boolean below = false;
        boolean above = false;
        for (int i = 0; i < 200; i++) {
            Duration wait = backoff.delay(1, dice);
            assertThat(wait).isBetween(Duration.ofSeconds(80), Duration.ofSeconds(120));
            below |= wait.compareTo(Duration.ofSeconds(90)) < 0;
            above |= wait.compareTo(Duration.ofSeconds(110)) > 0;
        }
        assertThat(below && above).as("both ends are reached").isTrue();
    }

    private static Backoff anyBackoff(SplittableRandom dice) {
        Backoff.Shape shape = List.of(Backoff.Shape.values()).get(dice.nextInt(3));
        Duration base = anyDuration(dice);
        Duration cap = base.plus(anyDuration(dice));
        double factor = shape == Backoff.Shape.EXPONENTIAL ? dice.nextDouble(1, 1_000) : 1;
        double jitter = switch (dice.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> dice.nextDouble() * 1e-9;
            default -> dice.nextDouble();
        };
        return new Backoff(shape, base, factor, cap.compareTo(Durations.MAX) > 0 ? Durations.MAX : cap, jitter);
    }

    /** From a nanosecond to the longest, each magnitude as likely. */
    private static Duration anyDuration(SplittableRandom dice) {
        long bound = 1L << dice.nextInt(1, 62);
        return Duration.ofNanos(1 + dice.nextLong(Math.min(bound, Durations.MAX.toNanos())));
    }
}
