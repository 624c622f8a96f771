package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
    private static final Submission JOB =
            new SubmissionBuilder(Limits.DEFAULT).type("digest").build(new IdSource(() -> NOON, new Random(1)));

    @Test
    void everythingThatIsSaidGoesIntoWhatIsStored() {
        ScheduleSpec spec = Schedule.cron("0 7 * * *", ZoneId.of("Europe/Vienna"))
                .start(NOON)
                .end(NOON.plusSeconds(60))
                .jitter(Duration.ofSeconds(30))
                .excluding(LocalDate.of(2027, 12, 24))
                .excluding(List.of(LocalDate.of(2027, 12, 25), LocalDate.of(2027, 12, 24)))
                .misfire(Misfire.fireAll(10, 2))
                .overlap(Overlap.SKIP)
                .named("mornings")
                .spec(JOB, "digest");

        assertThat(spec)
                .isEqualTo(new ScheduleSpec(
                        "mornings",
                        JOB,
                        new Timing(
                                new ScheduleRule.Cron("0 7 * * *"),
                                "Europe/Vienna",
                                NOON,
                                NOON.plusSeconds(60),
                                Duration.ofSeconds(30),
                                new TreeSet<>(List.of(LocalDate.of(2027, 12, 24), LocalDate.of(2027, 12, 25)))),
                        new Misfire(Misfire.Policy.FIRE_ALL, 10, 2.0),
                        Overlap.SKIP));
    }

    @Test
    void whatIsLeftOutGetsTheDefault() {
        ScheduleSpec spec = Schedule.every(Duration.ofMinutes(5)).spec(JOB, "digest");

        assertThat(spec)
                .isEqualTo(new ScheduleSpec(
                        "digest",
                        JOB,
                        Timing.of(new ScheduleRule.Every(Duration.ofMinutes(5), Pace.FIXED_RATE)),
                        Misfire.FIRE_ONCE,
                        Overlap.ALLOW));
        assertThat(Schedule.cron("@daily").timing().zone()).isEqualTo("UTC");
        assertThat(Schedule.cron("@daily", ZoneOffset.UTC).timing().zone()).isEqualTo("UTC");
        assertThat(Schedule.after(Duration.ofMillis(1)).timing().rule())
                .isEqualTo(new ScheduleRule.After(Duration.ofMillis(1)));
    }

    @Test
    void aFixedDelayKeepsItsPeriodAndItsBounds() {
        Schedule paced = Schedule.every(Duration.ofHours(1)).start(NOON).afterEnd();

        assertThat(paced.timing().rule()).isEqualTo(new ScheduleRule.Every(Duration.ofHours(1), Pace.FIXED_DELAY));
        assertThat(paced.timing().start()).isEqualTo(NOON);
    }

    @Test
    void eachChangeIsAnotherSchedule() {
        Schedule plain = Schedule.every(Duration.ofHours(1));
        plain.afterEnd().named("other");

        assertThat(plain.spec(JOB, "digest").name()).isEqualTo("digest");
        assertThat(plain.timing().rule()).isEqualTo(new ScheduleRule.Every(Duration.ofHours(1), Pace.FIXED_RATE));
    }

    @Test
    void instantsAreThoseThatTheStoreCanKeep() {
        Instant fine = NOON.plusNanos(1_234);

        assertThat(Schedule.at(fine).timing().rule()).isEqualTo(new ScheduleRule.At(NOON.plusNanos(1_000)));
        assertThat(Schedule.cron("@daily").start(fine).timing().start()).isEqualTo(NOON.plusNanos(1_000));
        assertThat(Schedule.cron("@daily").end(fine).timing().end()).isEqualTo(NOON.plusNanos(1_000));
    }

    static Stream<Arguments> wrong() {
        Schedule hourly = Schedule.every(Duration.ofHours(1));
        return Stream.of(
                wrong("cron: must not be empty", () -> Schedule.cron(" ")),
                wrong("every: 1s to 36500d are allowed, got 0s", () -> Schedule.every(Duration.ZERO)),
                wrong("every: 1s to 36500d are allowed, got 999ms", () -> Schedule.every(Duration.ofMillis(999))),
                wrong("every: 1s to 36500d are allowed, got PT-1S", () -> Schedule.every(Duration.ofSeconds(-1))),
                wrong("every: 1s to 36500d", () -> Schedule.every(Duration.ofDays(36_501))),
                wrong("every: whole milliseconds", () -> Schedule.every(Duration.ofSeconds(1, 1))),
                wrong("after: 1ms to 36500d are allowed, got 0s", () -> Schedule.after(Duration.ZERO)),
                wrong("after: whole milliseconds", () -> Schedule.after(Duration.ofNanos(1_500_000))),
                wrong("jitter: 0s to 1d", () -> hourly.jitter(Duration.ofHours(25))),
                wrong("jitter: 0s to 1d", () -> hourly.jitter(Duration.ofSeconds(-1))),
                wrong("jitter: whole milliseconds", () -> hourly.jitter(Duration.ofNanos(1))),
                wrong("end: ", () -> hourly.start(NOON).end(NOON)),
                wrong("end: ", () -> hourly.end(NOON).start(NOON.plusSeconds(1))),
                wrong(
                        "excluded_days: 1001 days, at most 1000",
                        () -> hourly.excluding(IntStream.range(0, 1_001)
                                .mapToObj(LocalDate.of(2027, 1, 1)::plusDays)
                                .toList())),
                wrong("misfire_limit: 1 to 1000 are allowed, got 0", () -> hourly.misfire(Misfire.fireAll(0))),
                wrong("misfire_limit: 1 to 1000", () -> hourly.misfire(Misfire.fireAll(1_001))),
                wrong("misfire_rate: above 0", () -> hourly.misfire(Misfire.fireAll(1, 0))),
                wrong("misfire_rate: above 0", () -> hourly.misfire(Misfire.fireAll(1, Double.NaN))),
                wrong("not a schedule's name: \"\"", () -> hourly.named("")),
                wrong("not a schedule's name: \"a b\"", () -> hourly.named("a b")));
    }

    private static Arguments wrong(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongInItselfIsRefusedWhereItIsWritten(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers can do whose build does not check it
    void nullsAreRefusedAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> Schedule.cron(null));
        assertThatNullPointerException().isThrownBy(() -> Schedule.cron("@daily", null));
        assertThatNullPointerException().isThrownBy(() -> Schedule.every(null));
        assertThatNullPointerException().isThrownBy(() -> Schedule.at(null));
        assertThatNullPointerException().isThrownBy(() -> Schedule.after(null));
        assertThatNullPointerException()
                .isThrownBy(() -> Schedule.cron("@daily").misfire(null));
        assertThatNullPointerException()
                .isThrownBy(() -> Schedule.cron("@daily").overlap(null));
    }

    @Test
    void onlyAPeriodCanBeCountedFromAnEnd() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Schedule.cron("@daily").afterEnd())
                .withMessageContaining("only every");
    }
}
