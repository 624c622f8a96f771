package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules for failures, and rules that fail themselves (B107). */
class FailureRulesTest {
    private static final JobType<String> TYPE = JobType.of("work", String.class);
    private static final Exception FAILURE = new IllegalStateException("no mail server");

    private final List<String> log = new ArrayList<>();
    private final Fixture fixture = new Fixture();

    private JobContext job() {
        fixture.opened((job, payload) -> null);
        FakeBroker.Session link = FakeBroker.next(fixture.broker.opened);
        return new RunningAttempt(fixture.job(link), (HeldSession) link.listener, 0).context();
    }

    private Outcome outcome(JobType<String> type, Throwable thrown) {
        return new FailureRules(type, log::add).outcome(job(), thrown);
    }

    @Test
    void aFailureWithoutRulesWaitsTheJobsBackoff() {
        assertThat(outcome(TYPE, FAILURE)).isInstanceOf(Outcome.Fail.class);
    }

    @Test
    void theExceptionThatSaysSoIsNotRetried() {
        assertThat(outcome(TYPE, new NonRetryableException("no such address", FAILURE)))
                .isInstanceOfSatisfying(Outcome.DeadLetter.class, dead -> {
                    assertThat(dead.error().type()).isEqualTo(NonRetryableException.class.getName());
                    assertThat(dead.error().message()).isEqualTo("no such address");
                    assertThat(dead.error().stack()).contains("Caused by: java.lang.IllegalStateException");
                });
    }

    @Test
    void classesAndRulesOfTheTypeAreNotRetriedAndTheirSubclassesNeither() {
        JobType<String> type = TYPE.nonRetryable(IllegalArgumentException.class, IOException.class)
                .nonRetryable(thrown -> "never".equals(thrown.getMessage()));

        assertThat(outcome(type, new NumberFormatException("x"))).isInstanceOf(Outcome.DeadLetter.class);
        assertThat(outcome(type, new java.io.EOFException())).isInstanceOf(Outcome.DeadLetter.class);
        assertThat(outcome(type, new Exception("never"))).isInstanceOf(Outcome.DeadLetter.class);
        assertThat(outcome(type, new UncheckedIOException(new IOException())))
                .as("a cause is not what was thrown")
                .isInstanceOf(Outcome.Fail.class);
        assertThat(TYPE.failures().nonRetryable()).as("types do not change").isEmpty();
    }

    @Test
    void aRuleThatThrowsIsLoggedOnceAndTheFailureIsRetried() {
        FailureRules rules = new FailureRules(
                TYPE.nonRetryable(thrown -> {
                    throw new StackOverflowError();
                }),
                log::add);
        JobContext job = job();

        for (int i = 0; i < 3; i++) {
            assertThat(rules.outcome(job, FAILURE)).isInstanceOf(Outcome.Fail.class);
        }
        assertThat(log).singleElement().asString().contains("job type work").contains("StackOverflowError");
    }

    @Test
    void aBackoffOfTheTypeIsAskedAtTheWorker() {
        JobType<String> type = TYPE.backoff((job, thrown) -> Duration.ofSeconds(10L * job.attempt()));

        assertThat(outcome(type, FAILURE))
                .isEqualTo(new Outcome.Retry(Duration.ofSeconds(10), AttemptError.of(FAILURE)));
    }

    static Stream<RetryBackoff> wrong() {
        return Stream.of(
                (job, thrown) -> {
                    throw new IOException("no");
                },
                (job, thrown) -> {
                    throw new AssertionError("no");
                },
                (job, thrown) -> nothing(),
                (job, thrown) -> Duration.ofNanos(-1),
                (job, thrown) -> Duration.ofSeconds(1_000_000_000_000L),
                (job, thrown) -> Durations.MAX.plusNanos(1));
    }

    @SuppressWarnings("NullAway") // the point
    private static Duration nothing() {
        return null;
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aBackoffThatIsWrongIsLoggedOnceAndTheJobsOwnCounts(RetryBackoff backoff) {
        FailureRules rules = new FailureRules(TYPE.backoff(backoff), log::add);
        JobContext job = job();

        for (int i = 0; i < 3; i++) {
            assertThat(rules.outcome(job, FAILURE)).isInstanceOf(Outcome.Fail.class);
        }
        assertThat(log).hasSize(1);
    }

    @Test
    void whatIsNotRetriedIsNotAskedForABackoffEither() {
        JobType<String> type = TYPE.nonRetryable(Exception.class).backoff((job, thrown) -> Duration.ofSeconds(1));

        assertThat(outcome(type, FAILURE)).isInstanceOf(Outcome.DeadLetter.class);
    }

    @Test
    void aTypeRefusesWhatNoJobCouldHave() {
        for (Runnable wrong : List.<Runnable>of(
                () -> TYPE.maxAttempts(0),
                () -> TYPE.maxAttempts(1_001),
                () -> TYPE.queue("a b"),
                () -> TYPE.timeout(Duration.ZERO),
                () -> TYPE.timeout(Durations.MAX.plusNanos(1)),
                () -> TYPE.version(0),
                () -> TYPE.upcast(0, old -> old),
                () -> TYPE.upcast(1, old -> old).upcast(1, old -> old),
                () -> JobType.of("a b"))) {
            assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
