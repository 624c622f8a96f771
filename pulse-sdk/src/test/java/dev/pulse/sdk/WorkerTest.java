package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTest {
    private final Fixture fixture = new Fixture();
    private final BlockingQueue<JobContext> running = new LinkedBlockingQueue<>();
    private final CountDownLatch letGo = new CountDownLatch(1);

    /** Runs until it is let go or interrupted. */
    private String obedient(JobContext job, String payload) throws InterruptedException {
        running.add(job);
        letGo.await();
        return "done";
    }

    /** Runs until it is let go, whatever anyone says. */
    private String deaf(JobContext job, String payload) {
        running.add(job);
        boolean open = false;
        while (!open) {
            try {
                open = letGo.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                open = letGo.getCount() == 0;
            }
        }
        return "done";
    }

    private FakeBroker.Session connected() {
        FakeBroker.Session session = fixture.broker.connect();
        assertThat(fixture.recorder.next()).isEqualTo("connected");
        return session;
    }

    private JobContext start(FakeBroker.Session session, Assignment job) {
        session.assign(job);
        assertThat(fixture.recorder.next()).isEqualTo("started");
        return FakeBroker.next(running);
    }

    @Test
    void creditsAreTheFreeSlots() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        assertThat(session.credits).hasValue(2);

        start(session, fixture.job(session));
        assertThat(session.credits).hasValue(1);

        letGo.countDown();
        session.answer(ReportAnswer.APPLIED);
        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.credits).hasValue(2);
    }

    @Test
    void noMoreWorkIsAskedForWhileAThousandReportsWaitForTheirAnswers() {
        letGo.countDown();
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        FakeBroker.Sent first = null;
        for (int i = 0; i < 1_001; i++) {
            start(session, fixture.job(session));
            FakeBroker.Sent sent = session.report();
            first = first == null ? sent : first;
        }
        assertThat(session.credits).hasValue(1);

        Objects.requireNonNull(first).answer().complete(ReportAnswer.APPLIED);

        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.credits).hasValue(2);
    }

    @Test
    void jobBeyondTheSlotsIsHandedBackUnstarted() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        start(session, fixture.job(session));
        Assignment third = fixture.job(session);

        session.assign(third);

        FakeBroker.Sent sent = session.report();
        assertThat(sent.report())
                .isEqualTo(new AttemptReport(third.facts().id(), third.token(), new Outcome.Release()));
        assertThat(running).isEmpty();
        letGo.countDown();
    }

    @Test
    void sameAssignmentTwiceRunsOnce() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        Assignment job = fixture.job(session);
        start(session, job);

        session.assign(job);
        letGo.countDown();
        session.answer(ReportAnswer.APPLIED);

        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(running).isEmpty();
        assertThat(session.reports).isEmpty();
    }

    @Test
    void timeoutInterruptsTheHandler() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        JobContext job = start(session, fixture.job(session, Duration.ofSeconds(3)));

        fixture.pass(worker, Duration.ofMillis(2_999));
        assertThat(job.isCanceled()).isFalse();
        fixture.pass(worker, Duration.ofMillis(1));

        assertThat(session.report().report().outcome().kind()).isEqualTo(OutcomeKind.TIMEOUT);
        assertThat(job.stopReason()).isEqualTo(StopReason.TIMEOUT);
    }

    @Test
    void handlerThatIgnoresItsTimeoutKeepsItsSlotButNotItsAttempt() {
        Worker worker = fixture.opened(this::deaf);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session, Duration.ofSeconds(3)));
        fixture.pass(worker, Duration.ofSeconds(3));
        assertThat(session.reports).isEmpty();

        fixture.pass(worker, Duration.ofSeconds(5));

        assertThat(fixture.recorder.next()).startsWith("dropped running: ");
        FakeBroker.Sent sent = session.report();
        assertThat(sent.report().outcome().kind()).isEqualTo(OutcomeKind.TIMEOUT);
        sent.answer().complete(ReportAnswer.APPLIED);
        assertThat(fixture.recorder.next()).isEqualTo("timeout applied");
        assertThat(session.credits).hasValue(1);

        letGo.countDown();
        assertThat(fixture.recorder.next()).isEqualTo("dropped timeout: the attempt was ended without it");
        assertThat(session.reports).isEmpty();
        assertThat(session.credits).hasValue(2);
    }

    @Test
    void cancelInterruptsTheHandler() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        Assignment job = fixture.job(session);
        start(session, job);

        session.listener.cancel(Set.of(job.token()));

        assertThat(session.report().report().outcome()).isEqualTo(new Outcome.Canceled());
    }

    @Test
    void handlerThatFinishesAfterACancelIsAcked() {
        fixture.opened(this::deaf);
        FakeBroker.Session session = connected();
        Assignment job = fixture.job(session);
        start(session, job);

        session.listener.cancel(Set.of(job.token()));
        letGo.countDown();

        assertThat(session.report().report().outcome().kind()).isEqualTo(OutcomeKind.ACK);
    }

    @Test
    void cancelOfAnotherTokenChangesNothing() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        JobContext job = start(session, fixture.job(session));

        session.listener.cancel(Set.of(fixture.job(session).token()));

        assertThat(job.isCanceled()).isFalse();
        letGo.countDown();
    }

    @Test
    void heartbeatNamesWhatIsHeldAndProlongsTheLease() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        Assignment job = fixture.job(session);
        JobContext context = start(session, job);

        fixture.pass(worker, Duration.ofSeconds(5));
        FakeBroker.Beat beat = FakeBroker.next(session.heartbeats);
        assertThat(beat.held()).containsExactly(job.token());
        fixture.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(context.leaseRemaining()).isEqualTo(Duration.ofSeconds(23));
        beat.answer().complete(new Heartbeat(Set.of(), false));

        // Counted from when it was sent, not from when the answer came.
        assertThat(context.leaseRemaining()).isEqualTo(Duration.ofSeconds(28));
        letGo.countDown();
    }

    @Test
    void heartbeatAnswerBringsCancels() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        Assignment job = fixture.job(session);
        start(session, job);
        fixture.pass(worker, Duration.ofSeconds(5));

        FakeBroker.next(session.heartbeats).answer().complete(new Heartbeat(Set.of(job.token()), false));

        assertThat(session.report().report().outcome()).isEqualTo(new Outcome.Canceled());
    }

    @Test
    void nothingIsGrantedOnAConnectionThatDrains() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        fixture.pass(worker, Duration.ofSeconds(5));
        FakeBroker.next(session.heartbeats).answer().complete(new Heartbeat(Set.of(), true));

        letGo.countDown();
        session.answer(ReportAnswer.APPLIED);
        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.credits).hasValue(1);

        session.disconnect();
        session.connect();
        assertThat(session.credits).hasValue(2);
    }

    @Test
    void leaseThatEndsStopsTheHandlerAndDropsItsResult() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        JobContext job = start(session, fixture.job(session));
        session.disconnect();
        assertThat(fixture.recorder.next()).isEqualTo("disconnected");

        fixture.pass(worker, Duration.ofSeconds(29));
        assertThat(job.isCanceled()).isFalse();
        fixture.pass(worker, Duration.ofSeconds(1));

        assertThat(job.stopReason()).isEqualTo(StopReason.LEASE_LOST);
        assertThat(job.leaseRemaining()).isZero();
        assertThat(fixture.recorder.next()).isEqualTo("dropped fail: the lease was lost");
        assertThat(session.reports).isEmpty();
        assertThat(session.connect()).isEmpty();
        assertThat(session.credits).hasValue(2);
    }

    @Test
    void reportWithoutAnswerIsDroppedWhenTheLeaseEnds() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        letGo.countDown();
        session.report();
        session.disconnect();
        assertThat(fixture.recorder.next()).isEqualTo("disconnected");

        fixture.pass(worker, Duration.ofSeconds(30));

        assertThat(fixture.recorder.next()).startsWith("dropped ack: the lease ended");
        assertThat(session.connect()).isEmpty();
        assertThat(session.reports).isEmpty();
    }

    @Test
    void reportIsRepeatedUntilItIsAnswered() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        letGo.countDown();
        FakeBroker.Sent first = session.report();

        fixture.pass(worker, Duration.ofMillis(500));
        FakeBroker.Sent second = session.report();
        assertThat(second.report()).isEqualTo(first.report());
        fixture.pass(worker, Duration.ofMillis(1));
        assertThat(session.reports).isEmpty();
        second.answer().complete(ReportAnswer.APPLIED);
        assertThat(fixture.recorder.next()).isEqualTo("ack applied");

        fixture.pass(worker, Duration.ofSeconds(10));
        assertThat(session.reports).isEmpty();
    }

    @Test
    void helloAfterAReconnectNamesWhatIsHeldAndReportsFollow() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        Assignment one = fixture.job(session);
        Assignment two = fixture.job(session);
        start(session, one);
        start(session, two);
        session.disconnect();
        assertThat(fixture.recorder.next()).isEqualTo("disconnected");
        letGo.countDown();
        // Both handlers have ended once both slots are free again, and both reports wait for the connection.
        Set<?> held = session.connect();

        assertThat(held).isEqualTo(Set.of(one.token(), two.token()));
        assertThat(Set.of(
                        session.report().report().token(),
                        session.report().report().token()))
                .isEqualTo(held);
    }

    @Test
    void refusedReportIsTold() {
        fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        letGo.countDown();

        session.answer(ReportAnswer.STALE);

        assertThat(fixture.recorder.next()).isEqualTo("ack stale");
    }

    @Test
    void endedSessionStopsItsHandlersAndANewOneIsOpened() {
        fixture.opened(this::deaf);
        FakeBroker.Session first = connected();
        JobContext job = start(first, fixture.job(first));

        first.listener.ended("lapsed");

        assertThat(fixture.recorder.next()).isEqualTo("session ended: lapsed");
        assertThat(job.stopReason()).isEqualTo(StopReason.LEASE_LOST);
        FakeBroker.Session second = connected();
        assertThat(second.spec.id()).isNotEqualTo(first.spec.id());
        // The handler of the first session still has its slot.
        assertThat(second.credits).hasValue(1);
        letGo.countDown();
        assertThat(fixture.recorder.next()).isEqualTo("dropped ack: the lease was lost");
        assertThat(second.credits).hasValue(2);
        assertThat(first.reports).isEmpty();
        assertThat(second.reports).isEmpty();
    }

    @Test
    void drainWaitsForWhatRunsAndHandsBackTheRest() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));

        worker.drain();
        Assignment late = fixture.job(session);
        session.assign(late);
        assertThat(session.report().report().outcome()).isEqualTo(new Outcome.Release());
        assertThat(session.closes).isEmpty();

        session.connect();
        session.answer(ReportAnswer.APPLIED);
        assertThat(session.credits).hasValue(0);
        letGo.countDown();
        session.answer(ReportAnswer.APPLIED);

        FakeBroker.next(session.closes);
        session.closed.complete(null);
        worker.close();
    }

    @Test
    void drainThatRunsOutOfTimeReleasesTheAttempt() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        worker.drain();

        fixture.pass(worker, Duration.ofSeconds(20));

        FakeBroker.Sent sent = session.report();
        assertThat(sent.report().outcome()).isEqualTo(new Outcome.Release());
        sent.answer().complete(ReportAnswer.APPLIED);
        FakeBroker.next(session.closes);
    }

    @Test
    void aHandlerThatCallsExitIsChargedWithIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExitingWorker.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = process.getInputStream()) {
            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).contains("exit_called");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void drainLeavesAHandlerThatDoesNotStop() {
        Worker worker = fixture.opened(this::deaf);
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        worker.drain();
        fixture.pass(worker, Duration.ofSeconds(20));
        assertThat(session.reports).isEmpty();

        fixture.pass(worker, Duration.ofSeconds(5));
        session.answer(ReportAnswer.APPLIED);
        assertThat(session.closes).isEmpty();
        fixture.pass(worker, Duration.ofSeconds(5));

        FakeBroker.next(session.closes);
        session.closed.complete(null);
        worker.close();
        letGo.countDown();
    }

    @Test
    void refusedWorkerEndsWithTheReason() {
        Worker worker = fixture.opened(this::obedient);
        FakeBroker.Session session = FakeBroker.next(fixture.broker.opened);

        session.listener.refused(PulseException.invalid("worker", "too long"));

        assertThatThrownBy(worker::awaitClosed)
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD));
        worker.close();
    }

    @Test
    void listenerThatThrowsHurtsNobody() {
        Worker worker = fixture.worker((job, payload) -> null, new WorkerListener() {
            @Override
            public void started(JobContext job) {
                throw new IllegalStateException("I am a bad listener");
            }
        });
        worker.open();
        FakeBroker.Session session = fixture.broker.connect();

        session.assign(fixture.job(session));

        assertThat(session.report().report().outcome()).isEqualTo(new Outcome.Ack(null));
    }

    @Test
    void interruptedCloseHurriesAndKeepsTheInterrupt() throws InterruptedException {
        Worker worker = fixture.worker(this::obedient);
        worker.start();
        FakeBroker.Session session = connected();
        start(session, fixture.job(session));
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        Thread closer = Thread.ofVirtual().start(() -> {
            worker.close();
            interrupted.add(Thread.currentThread().isInterrupted());
        });

        closer.interrupt();
        FakeBroker.Sent sent = session.report();
        assertThat(sent.report().outcome()).isEqualTo(new Outcome.Release());
        sent.answer().complete(ReportAnswer.APPLIED);
        FakeBroker.next(session.closes);
        session.closed.complete(null);

        assertThat(FakeBroker.next(interrupted)).isTrue();
        closer.join();
    }

    @Test
    void startedAndStoppedAHundredTimesLeavesNothingBehind() {
        for (int i = 0; i < 100; i++) {
            Worker worker = fixture.worker((job, payload) -> null);
            worker.start();
            FakeBroker.Session session = connected();
            session.assign(fixture.job(session));
            session.answer(ReportAnswer.APPLIED);
            session.closed.complete(null);
            worker.close();
            worker.close();
            assertThat(fixture.recorder.next()).isEqualTo("started");
            assertThat(fixture.recorder.next()).isEqualTo("ack applied");
            assertThat(fixture.recorder.isSilent()).isTrue();
        }
    }
}
