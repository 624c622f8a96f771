package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
/** What becomes of an attempt whatever its handler does (B106). */
class AttemptRunnerTest {
    private final Fixture fixture = new Fixture();

    private Outcome outcomeOf(ReturningHandler<String> handler) {
        fixture.opened(handler);
        FakeBroker.Session session = fixture.broker.connect();
        session.assign(fixture.job(session));
        FakeBroker.Sent sent = session.report();
        sent.answer().complete(ReportAnswer.APPLIED);
        return sent.report().outcome();
    }

    private AttemptError errorOf(ReturningHandler<String> handler) {
        Outcome outcome = outcomeOf(handler);
        assertThat(outcome).isInstanceOf(Outcome.Fail.class);
        return ((Outcome.Fail) outcome).error();
    }

    @Test
    void nullIsAck() {
        assertThat(outcomeOf((job, payload) -> null)).isEqualTo(new Outcome.Ack(null));
    }

    @Test
    void handlerGetsThePayload() {
        assertThat(outcomeOf((job, payload) -> Payload.json(payload)))
                .isEqualTo(new Outcome.Ack(Payload.json("\"hello\"")));
    }

    @Test
    void resultIsWrittenByItsCodec() {
        assertThat(outcomeOf((job, payload) -> new Json("[1]"))).isEqualTo(new Outcome.Ack(Payload.json("[1]")));
    }

    static Stream<Outcome> saidByHandlers() {
        return Stream.of(
                Outcomes.ack(),
                Outcomes.drop(),
                Outcomes.retry("later"),
                Outcomes.retry(Duration.ofSeconds(1), "later"),
                Outcomes.deadLetter("never"),
                Outcomes.snooze(Duration.ofMinutes(1)),
                new Outcome.Fail(AttemptError.of("exit", "1")));
    }

    @ParameterizedTest
    @MethodSource("saidByHandlers")
    void outcomeIsReportedAsSaid(Outcome said) {
        assertThat(outcomeOf((job, payload) -> said)).isEqualTo(said);
    }

    static Stream<Outcome> notForHandlers() {
        return Stream.of(
                new Outcome.Timeout(AttemptError.of("t", "t")),
                new Outcome.Release(),
                new Outcome.Canceled(),
                new Outcome.Lapse());
    }

    @ParameterizedTest
    @MethodSource("notForHandlers")
    void outcomeThatOnlyTheRuntimeMaySayIsAFailure(Outcome said) {
        AttemptError error = errorOf((job, payload) -> said);

        assertThat(error.type()).isEqualTo("illegal_outcome");
        assertThat(error.message()).contains(said.kind().wireName());
    }

    @Test
    void resultWithoutACodecIsAFailure() {
        assertThat(errorOf((job, payload) -> Thread.currentThread()).type()).isEqualTo("unwritable_result");
    }

    @Test
    void resultBeyondEveryLimitIsAFailure() {
        assertThat(errorOf((job, payload) -> new byte[Limits.HARD_PAYLOAD_BYTES + 1])
                        .type())
                .isEqualTo("result_too_large");
    }

    @Test
    void exceptionIsAFailureWithItsClassMessageAndStack() {
        AttemptError error = errorOf((job, payload) -> {
            throw new IllegalStateException("no mail server", new java.io.IOException("refused"));
        });

        assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("no mail server");
        assertThat(error.stack()).contains("AttemptRunnerTest").contains("Caused by: java.io.IOException: refused");
    }

    @Test
    void interruptThatNobodyAskedForIsAFailure() {
        assertThat(errorOf((job, payload) -> {
                            throw new InterruptedException();
                        })
                        .type())
                .isEqualTo("java.lang.InterruptedException");
    }

    @Test
    void errorOfTheJvmIsAFailure() {
        assertThat(errorOf((job, payload) -> recurse(1)).type()).isEqualTo("java.lang.StackOverflowError");
    }

    @SuppressWarnings("InfiniteRecursion") // the point
    private static int recurse(int n) {
        return recurse(n + 1) + 1;
    }

    @Test
    void causesThatGoRoundInACircleEnd() {
        AttemptError error = errorOf((job, payload) -> {
            Exception one = new Exception("one");
            one.initCause(new Exception("two", one));
            throw one;
        });

        assertThat(error.stack()).containsOnlyOnce("Caused by: java.lang.Exception: two");
    }

    @Test
    void tenThousandCausesAreCut() {
        AttemptError error = errorOf((job, payload) -> {
            Exception deepest = new Exception("0");
            for (int i = 1; i < 10_000; i++) {
                deepest = new Exception(Integer.toString(i), deepest);
            }
            throw deepest;
        });

        assertThat(error.message()).isEqualTo("9999");
        assertThat(error.stack()).hasSizeLessThanOrEqualTo(AttemptError.MAX_STACK);
    }

    @Test
    void whatNoDatabaseTakesIsCleaned() {
        AttemptError error = errorOf((job, payload) -> {
            throw new Exception("nul \u0000, half \uD83D, pair \uD83D\uDE00, bell \u0007");
        });

        assertThat(error.message()).isEqualTo("nul \uFFFD, half \uFFFD, pair \uD83D\uDE00, bell \uFFFD");
        assertThat(error.stack()).doesNotContain("\u0000");
    }

    @Test
    void aHandlerThatSwallowsItsInterruptAndGoesOnIsTakenAtItsWord() {
        assertThat(outcomeOf((job, payload) -> {
                    Thread.currentThread().interrupt();
                    try {
                        job.checkCanceled();
                        new java.util.concurrent.CountDownLatch(1).await();
                    } catch (InterruptedException swallowed) {
                        return new Json("1");
                    }
                    return null;
                }))
                .isEqualTo(new Outcome.Ack(Payload.json("1")));
    }

    @Test
    void throwableWhoseMethodsThrowIsAFailureAllTheSame() {
        AttemptError error = errorOf((job, payload) -> {
            throw new Hostile();
        });

        assertThat(error.type()).isEqualTo(Hostile.class.getName());
        assertThat(error.message()).contains("getMessage threw");
    }

    @Test
    void hugeMessagesAreCut() {
        AttemptError error = errorOf((job, payload) -> {
            throw new Exception("x".repeat(50_000_000), new Exception("y".repeat(50_000_000)));
        });

        assertThat(error.message()).hasSize(AttemptError.MAX_MESSAGE);
        assertThat(error.stack()).hasSizeLessThanOrEqualTo(AttemptError.MAX_STACK);
    }

    @Test
    void payloadThatCannotBeReadParksTheJobWithoutACall() {
        PayloadCodec picky = new PayloadCodec() {
            @Override
            public boolean handles(Class<?> type) {
                return true;
            }

            @Override
            public Payload encode(Object value) {
                throw new UnsupportedOperationException();
            }

            @Override
            public <T> T decode(Payload payload, Class<T> type) {
                throw new IllegalArgumentException("a number was expected");
            }
        };
        Handler<Integer> handler = new Handler<>(JobType.of("work", Integer.class), picky, (job, payload) -> {
            throw new AssertionError("must not be called");
        });
        AttemptRunner runner = new AttemptRunner(Map.of("work", handler), new Codecs(List.of()));
        HeldSession session = heldSession();
        FakeBroker.Session link = FakeBroker.next(fixture.broker.opened);

        Outcome outcome = runner.run(new RunningAttempt(fixture.job(link), session, 0));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.DeadLetter.class, parked -> {
            assertThat(parked.error().type()).isEqualTo("unreadable_payload");
            assertThat(parked.error().message()).endsWith("a number was expected");
        });
    }

    @Test
    void attemptThatWasStoppedBeforeItBeganIsNotCalled() {
        Worker worker = fixture.opened((job, payload) -> null);
        FakeBroker.Session link = FakeBroker.next(fixture.broker.opened);
        RunningAttempt attempt = new RunningAttempt(fixture.job(link), (HeldSession) link.listener, 0);
        attempt.stop(StopReason.DRAIN, worker.now());

        Outcome outcome = new AttemptRunner(Map.of(), new Codecs(List.of())).run(attempt);

        assertThat(outcome.kind()).isEqualTo(OutcomeKind.RELEASE);
    }

    private HeldSession heldSession() {
        fixture.opened((job, payload) -> null);
        FakeBroker.Session link = FakeBroker.next(fixture.broker.opened);
        fixture.broker.opened.add(link);
        return (HeldSession) link.listener;
    }

    /** Every method that can be made to throw does. */
    private static final class Hostile extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no");
        }
    }
}
