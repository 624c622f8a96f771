package dev.pulse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.BulkAction;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Json;
import dev.pulse.sdk.Outcomes;
import dev.pulse.sdk.Pulse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class PulseTestTest {
    private static final JobType<String> WORK = JobType.of("work", String.class);
    private static final JobType<String> MORE = JobType.of("more", String.class);
    private static final JobType<String> OTHER = JobType.of("other", String.class);
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private final List<String> ran = new ArrayList<>();
    private @Nullable PulseTest opened;

    private PulseTest open(TestMode mode) {
        return open(PulseTest.with(mode));
    }

    private PulseTest open(PulseTest.Setup setup) {
        PulseTest test = setup.startingAt(START).open();
        opened = test;
        return test;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private Pulse recording(PulseTest test) {
        return test.pulse().handle(WORK, (job, text) -> ran.add(text));
    }

    // ---- in every mode ----

    @ParameterizedTest
    @EnumSource
    void aJobRunsOnTheCallersThread(TestMode mode) {
        PulseTest test = open(mode);
        List<Thread> threads = new ArrayList<>();
        test.pulse().handle(WORK, (job, text) -> threads.add(Thread.currentThread()));

        JobRef ref = test.pulse().enqueue(WORK, "a");
        test.drain();

        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(test.status(ref)).isEqualTo(JobStatus.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void aDelayedJobWaitsForTheClock(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);

        JobRef ref = pulse.enqueue(WORK, "later", options -> options.delay(Duration.ofDays(1)));
        test.drain();
        assertThat(test.status(ref)).isEqualTo(JobStatus.SCHEDULED);

        test.clock().advance(Duration.ofDays(1).minusNanos(1_000));
        assertThat(test.drain()).isZero();
        test.clock().advance(Duration.ofNanos(1_000));
        assertThat(test.drain()).isOne();

        assertThat(ran).containsExactly("later");
        assertThat(test.job(ref).finishedAt()).isEqualTo(START.plus(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @EnumSource
    void aFailedAttemptIsTriedAgainExactlyAfterItsBackoff(TestMode mode) {
        PulseTest test = open(PulseTest.with(mode).onFailure(OnFailure.RECORD));
        test.pulse().handle(WORK, (job, text) -> {
            if (job.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
        });

        JobRef ref = test.pulse().enqueue(WORK, "a");
        test.drain();
        assertThat(test.status(ref)).isEqualTo(JobStatus.RETRYING);
        assertThat(test.elapse(Duration.ofSeconds(1))).isOne();
        assertThat(test.elapse(Duration.ofSeconds(3))).isZero();
        assertThat(test.elapse(Duration.ofSeconds(1))).isOne();

        Job done = test.job(ref);
        assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(done.attempts()).hasSize(3);
        assertThat(test.clock().instant()).isEqualTo(START.plusSeconds(5));
    }

    @ParameterizedTest
    @EnumSource
    void attemptsThatAreUsedUpEndInTheDeadLetters(TestMode mode) {
        PulseTest test = open(PulseTest.with(mode).onFailure(OnFailure.RECORD));
        test.pulse().handle(WORK, (job, text) -> {
            throw new IllegalStateException("broken");
        });

        JobRef ref = test.pulse().enqueue(WORK, "a", options -> options.maxAttempts(3));
        int attempts = test.drain() + test.elapse(Duration.ofHours(1));

        assertThat(test.status(ref)).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(test.job(ref).attempts()).hasSize(3);
        assertThat(attempts).isEqualTo(mode == TestMode.SYNCHRONOUS ? 2 : 3);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatTakesLongerThanItsTimeoutIsStoppedThough(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handle(WORK, (job, text) -> {
            test.clock().advance(Duration.ofHours(3));
            job.checkCanceled();
        });

        JobRef ref = test.pulse()
                .enqueue(
                        WORK,
                        "a",
                        options -> options.timeout(Duration.ofMinutes(30)).maxAttempts(1));
        test.drain();

        assertThat(test.job(ref).attempts().getFirst().outcome()).isEqualTo(OutcomeKind.TIMEOUT);
        assertThat(Thread.interrupted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerMayTakeADayAndKeepsItsLease(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handle(WORK, (job, text) -> test.clock().advance(Duration.ofDays(1)));

        JobRef ref = test.pulse().enqueue(WORK, "a");
        test.drain();

        assertThat(test.status(ref)).isEqualTo(JobStatus.COMPLETED);
        assertThat(test.job(ref).attempts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void snoozeRetryAndDeadLetterFollowTheClockToo(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handleReturning(WORK, (job, text) -> switch (job.attempt()) {
            case 1 -> Outcomes.snooze(Duration.ofHours(2));
            case 2 -> Outcomes.retry(Duration.ofMinutes(7), "later");
            default -> Outcomes.deadLetter("enough");
        });

        JobRef ref = test.pulse().enqueue(WORK, "a");
        test.drain();
        test.elapse(Duration.ofHours(3));

        assertThat(test.status(ref)).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(test.job(ref).finishedAt()).isEqualTo(START.plus(Duration.ofMinutes(127)));
        assertThat(test.job(ref).error())
                .isNotNull()
                .extracting(AttemptError::message)
                .isEqualTo("enough");
    }

    @ParameterizedTest
    @EnumSource
    void whatAHandlerEnqueuesRunsToo(TestMode mode) {
        PulseTest test = open(mode);
        recording(test).handle(MORE, (job, text) -> {
            ran.add("before " + text);
            test.pulse().enqueue(WORK, text);
            ran.add("after " + text);
        });

        test.pulse().enqueue(MORE, "a");
        test.drain();

        assertThat(ran)
                .containsExactlyElementsOf(
                        mode == TestMode.SYNCHRONOUS
                                ? List.of("before a", "a", "after a")
                                : List.of("before a", "after a", "a"));
    }

    @ParameterizedTest
    @EnumSource
    void aResultIsStored(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handleReturning(WORK, (job, text) -> new Json("{\"n\":1}"));

        Job job = test.pulse().enqueue(WORK, "a").await(Duration.ofSeconds(10));

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.result()).isEqualTo(Payload.json("{\"n\":1}"));
    }

    @ParameterizedTest
    @EnumSource
    void aWaitingJobCanBeCanceledAndRequeued(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);
        JobRef ref = pulse.enqueue(WORK, "a", options -> options.delay(Duration.ofHours(1)));

        assertThat(ref.cancel().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(test.elapse(Duration.ofHours(2))).isZero();
        pulse.jobs().requeue(ref.id());
        test.drain();

        assertThat(ran).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void anActOnManyJobsIsDoneWhenItReturns(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);
        pulse.enqueueAll(WORK, List.of("a", "b", "c"), options -> options.delay(Duration.ofHours(1)));
        JobFilter work = JobFilter.ALL.withStatus(JobStatus.SCHEDULED);

        assertThat(pulse.jobs().bulk(BulkAction.CANCEL, work, true).matched()).isEqualTo(3);
        assertThat(pulse.jobs().bulk(BulkAction.CANCEL, work, false).changed()).isEqualTo(3);

        assertThat(test.elapse(Duration.ofHours(2))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aMissingHandlerIsToldWithWhatToDo(TestMode mode) {
        PulseTest test = open(mode);
        recording(test);

        assertThatThrownBy(() -> {
                    test.pulse().enqueue(OTHER, "a");
                    test.drain();
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no handler is registered for: other")
                .hasMessageContaining("ignore the type");
    }

    @ParameterizedTest
    @EnumSource
    void aDrainThatDoesNotEndSaysWhatStillMoves(TestMode mode) {
        PulseTest test = open(PulseTest.with(mode).maxRuns(20));
        test.pulse().handleReturning(WORK, (job, text) -> Outcomes.snooze(Duration.ZERO));

        assertThatThrownBy(() -> {
                    test.pulse().enqueue(WORK, "a");
                    test.drain();
                })
                .isInstanceOf(StillMovingException.class)
                .hasMessageContaining("after 20 attempts these still move: work ")
                .hasMessageContaining("maxRuns");
    }

    @ParameterizedTest
    @EnumSource
    void ignoredTypesBecomeNoJobsUntilTheScopeEnds(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);
        try (Ignoring others = test.ignore(OTHER)) {
            try (Ignoring some = test.ignore(WORK, text -> text.startsWith("x"))) {
                pulse.enqueue(OTHER, "o");
                pulse.enqueue(WORK, "x1");
                pulse.enqueueAll(WORK, List.of("x2", "a", "x3"));
            }
            pulse.enqueue(WORK, "x4");
            pulse.enqueue(OTHER, "o2");
        }
        test.drain();

        assertThat(ran).containsExactly("a", "x4");
        assertThat(test.enqueued(WORK))
                .extracting(EnqueuedJob::payload, EnqueuedJob::ignored)
                .containsExactly(
                        tuple("x1", true), tuple("x2", true), tuple("a", false), tuple("x3", true), tuple("x4", false));
    }

    @ParameterizedTest
    @EnumSource
    void anIgnoredJobIsNotFoundAndTheMessageSaysWhy(TestMode mode) {
        PulseTest test = open(mode);
        test.ignoreAll();

        JobRef ref = test.pulse().enqueue(WORK, "a");

        assertThatThrownBy(() -> ref.await(Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        PulseException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.JOB_NOT_FOUND))
                .hasMessageContaining("this test ignored work");
        assertThat(test.drain()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasEnqueuedCanBeAskedFor(TestMode mode) {
        PulseTest test = open(mode);
        test.enqueuedNothing();
        Pulse pulse = recording(test);
        pulse.enqueue(
                WORK,
                "a",
                options ->
                        options.priority(3).queue("mail").tag("customer", "42").delay(Duration.ofMinutes(5)));
        pulse.enqueue(WORK, "b", options -> options.key("k").runAt(START.plusSeconds(60)));
        pulse.enqueue(WORK, "b", options -> options.key("k").runAt(START.plusSeconds(60)));

        EnqueuedJob<String> first = test.enqueuedOnce(WORK, text -> text.equals("a"));
        assertThat(first.priority()).isEqualTo(3);
        assertThat(first.queue()).isEqualTo("mail");
        assertThat(first.tags()).containsEntry("customer", "42");
        assertThat(first.delay()).isEqualTo(Duration.ofMinutes(5));
        assertThat(test.enqueued()).hasSize(2);
        assertThat(test.enqueuedOnce(WORK, text -> text.equals("b")).key()).isEqualTo("k");
        assertThat(test.enqueuedOnce(WORK, "b"::equals).runAt()).isEqualTo(START.plusSeconds(60));
        test.enqueuedNone(OTHER);
        assertThatThrownBy(() -> test.enqueuedOnce(WORK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("found 2 among [work a, work b]");
        assertThatThrownBy(() -> test.enqueuedNone(WORK)).hasMessageContaining("work a");
        assertThatThrownBy(() -> test.enqueuedOnce(OTHER)).hasMessageContaining("enqueued were [work ");
        test.forgetEnqueued();
        test.enqueuedNothing();
    }

    @ParameterizedTest
    @EnumSource
    void aTestSeesNothingOfTheOneBefore(TestMode mode) {
        try (PulseTest before = PulseTest.open(mode)) {
            before.pulse().handle(OTHER, (job, text) -> {});
            before.pulse().enqueue(OTHER, "left over", options -> options.delay(Duration.ofDays(1)));
        }

        PulseTest test = open(mode);

        assertThat(test.pulse().jobs().counts().total().values()).allMatch(count -> count == 0);
        assertThat(test.clock().instant()).isEqualTo(START);
    }

    @ParameterizedTest
    @EnumSource
    void twoTestsBesideEachOtherSeeTheirOwn(TestMode mode) {
        PulseTest test = open(mode);
        try (PulseTest beside = PulseTest.open(mode)) {
            beside.pulse().handle(WORK, (job, text) -> ran.add("beside"));
            test.pulse().handle(WORK, (job, text) -> ran.add("mine"));
            beside.pulse().enqueue(WORK, "a");
            beside.clock().advance(Duration.ofDays(3));
            beside.drain();

            assertThat(test.drain()).isZero();
            assertThat(test.clock().instant()).isEqualTo(START);
        }
        assertThat(ran).containsExactly("beside");
    }

    @ParameterizedTest
    @EnumSource
    void theCodeUnderTestMayEnqueueFromThreadsOfItsOwn(TestMode mode) throws InterruptedException {
        PulseTest test = open(mode);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        test.pulse().handle(WORK, (job, text) -> seen.add(text));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "t" + i;
            threads.add(Thread.ofVirtual().start(() -> test.pulse().enqueue(WORK, name)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        test.drain();

        assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t3");
    }

    @ParameterizedTest
    @EnumSource
    void theCodeUnderTestMayStartAndCloseItsPulse(TestMode mode) {
        PulseTest test = open(mode);
        try (Pulse pulse = recording(test)) {
            pulse.start();
            pulse.enqueue(WORK, "a");
            test.drain();
        }

        assertThat(ran).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void runIsRefusedBecauseItWouldNeverReturn(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);

        assertThatThrownBy(pulse::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call drain() in place of run()");
    }

    @ParameterizedTest
    @EnumSource
    void timeOnlyGoesForward(TestMode mode) {
        PulseTest test = open(mode);

        assertThatThrownBy(() -> test.clock().advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> test.clock().advanceTo(START.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- step by step ----

    @ParameterizedTest
    @EnumSource(names = "SYNCHRONOUS", mode = EnumSource.Mode.EXCLUDE)
    void nothingRunsBeforeItIsAskedFor(TestMode mode) {
        PulseTest test = open(mode);
        Pulse pulse = recording(test);
        JobRef low = pulse.enqueue(WORK, "low");
        JobRef high = pulse.enqueue(WORK, "high", options -> options.priority(5));
        assertThat(test.status(low)).isEqualTo(JobStatus.PENDING);

        assertThat(test.step()).isTrue();

        assertThat(ran).containsExactly("high");
        assertThat(test.status(high)).isEqualTo(JobStatus.COMPLETED);
        assertThat(test.status(low)).isEqualTo(JobStatus.PENDING);
        assertThat(test.step()).isTrue();
        assertThat(test.step()).isFalse();
        assertThat(ran).containsExactly("high", "low");
    }

    @ParameterizedTest
    @EnumSource(names = "SYNCHRONOUS", mode = EnumSource.Mode.EXCLUDE)
    void elapseRunsEachJobAtItsOwnTime(TestMode mode) {
        PulseTest test = open(mode);
        List<Instant> times = new ArrayList<>();
        test.pulse().handle(WORK, (job, text) -> times.add(test.clock().instant()));
        for (int hour : new int[] {3, 1, 2, 30}) {
            test.pulse().enqueue(WORK, "x", options -> options.delay(Duration.ofHours(hour)));
        }

        assertThat(test.elapse(Duration.ofDays(1))).isEqualTo(3);

        assertThat(times)
                .containsExactly(
                        START.plus(Duration.ofHours(1)),
                        START.plus(Duration.ofHours(2)),
                        START.plus(Duration.ofHours(3)));
        assertThat(test.clock().instant()).isEqualTo(START.plus(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @EnumSource(names = "SYNCHRONOUS", mode = EnumSource.Mode.EXCLUDE)
    void aHandlersExceptionIsThrownByTheDrainWhereThatIsAskedFor(TestMode mode) {
        PulseTest test = open(PulseTest.with(mode).onFailure(OnFailure.THROW));
        test.pulse().handle(WORK, (job, text) -> {
            throw new IllegalStateException(text);
        });
        test.pulse().enqueue(WORK, "a");
        test.pulse().enqueue(WORK, "b");

        assertThatThrownBy(test::drain)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
        assertThat(test.drain()).isZero();
    }

    // ---- synchronous ----

    @Test
    void aSynchronousEnqueueThrowsWhatTheHandlerThrewAndTheJobRetriesAllTheSame() {
        PulseTest test = open(TestMode.SYNCHRONOUS);
        IllegalArgumentException broken = new IllegalArgumentException("broken");
        test.pulse().handle(WORK, (job, text) -> {
            if (job.attempt() == 1) {
                throw broken;
            }
        });

        assertThatThrownBy(() -> test.pulse().enqueue(WORK, "a", options -> options.backoff(Backoff.parse("fixed 1m"))))
                .isSameAs(broken);

        EnqueuedJob<String> job = test.enqueuedOnce(WORK);
        assertThat(test.job(job.id()).status()).isEqualTo(JobStatus.RETRYING);
        assertThat(test.elapse(Duration.ofMinutes(1))).isOne();
        assertThat(test.job(job.id()).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aCheckedExceptionIsTheCauseOfWhatASynchronousEnqueueThrows() {
        PulseTest test = open(TestMode.SYNCHRONOUS);
        test.pulse().handle(WORK, (job, text) -> {
            throw new IOException("disk full");
        });

        assertThatThrownBy(() -> test.pulse().enqueue(WORK, "a"))
                .isInstanceOf(HandlerFailedException.class)
                .hasMessageContaining("the handler of work")
                .hasRootCauseMessage("disk full");
    }

    @Test
    void handlersThatEnqueueWithinOneAnotherForEverAreStopped() {
        PulseTest test = open(TestMode.SYNCHRONOUS);
        test.pulse().handle(WORK, (job, text) -> test.pulse().enqueue(WORK, text));

        assertThatThrownBy(() -> test.pulse().enqueue(WORK, "a"))
                .isInstanceOf(StillMovingException.class)
                .hasMessageContaining("50 deep");
    }

    // ---- with real threads ----

    @Test
    void aPulseInMemoryWorksWithThreadsOfItsOwn() {
        try (Pulse pulse = PulseTest.inMemory()) {
            pulse.handleReturning(WORK, (job, text) -> new Json("\"" + text + "\""));
            pulse.start();

            Job done = pulse.enqueue(WORK, "a").await(Duration.ofSeconds(30));

            assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(done.result()).isEqualTo(Payload.json("\"a\""));
        }
    }
}
