package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A handler completes its job in a transaction of its own: what is reported, and when. */
final class CompleteInTransactionTest {
    private static final Outcome ACK = new Outcome.Ack(Payload.json("1"));

    private final Fixture fixture = new Fixture();
    private final CompletableFuture<TransactionEnd> end = new CompletableFuture<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    private FakeBroker.Session started(ReturningHandler<String> handler) {
        fixture.opened(handler);
        FakeBroker.Session session = fixture.broker.connect();
        assertThat(fixture.recorder.next()).isEqualTo("connected");
        session.assign(fixture.job(session));
        assertThat(fixture.recorder.next()).isEqualTo("started");
        return session;
    }

    private String complete(JobContext job, String payload) {
        job.endIn(report -> end, ACK);
        ends.add("called");
        return "late";
    }

    private String completeAndThrow(JobContext job, String payload) {
        complete(job, payload);
        throw new IllegalStateException("after it");
    }

    private Outcome reported(FakeBroker.Session session) {
        return session.report().report().outcome();
    }

    @Test
    void noReportFollowsACommit() {
        FakeBroker.Session session = started(this::complete);

        end.complete(TransactionEnd.COMMITTED);

        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.reports).isEmpty();
    }

    @Test
    void whatIsThrownAfterACommitIsNotReported() {
        FakeBroker.Session session = started(this::completeAndThrow);

        end.complete(TransactionEnd.COMMITTED);

        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.reports).isEmpty();
    }

    @Test
    void theAttemptIsHeldAndItsSlotFreeUntilTheTransactionEnds() {
        Worker worker = fixture.worker(this::complete);
        worker.open();
        FakeBroker.Session session = fixture.broker.connect();
        fixture.recorder.next();
        Assignment job = fixture.job(session);
        session.assign(job);
        fixture.recorder.next();
        FakeBroker.next(ends);

        fixture.pass(worker, Fixture.CONFIG.heartbeatPeriod());

        assertThat(FakeBroker.next(session.heartbeats).held()).containsExactly(job.token());
        assertThat(session.reports).isEmpty();
    }

    @Test
    void aHandlerThatReturnsAfterARollbackHasFailed() {
        FakeBroker.Session session = started(this::complete);

        end.complete(TransactionEnd.ROLLED_BACK);

        assertThat(reported(session))
                .isInstanceOfSatisfying(
                        Outcome.Fail.class,
                        fail -> assertThat(fail.error().type()).isEqualTo("transaction_not_committed"));
    }

    @Test
    void aHandlerThatThrowsAfterARollbackHasFailedWithThat() {
        FakeBroker.Session session = started(this::completeAndThrow);

        end.complete(TransactionEnd.ROLLED_BACK);

        assertThat(reported(session))
                .isInstanceOfSatisfying(
                        Outcome.Fail.class,
                        fail -> assertThat(fail.error().message()).isEqualTo("after it"));
    }

    @Test
    void whereNobodyKnowsAFailureIsReportedBecauseACommitMakesItStale() {
        FakeBroker.Session session = started(this::complete);

        end.complete(TransactionEnd.UNKNOWN);

        assertThat(reported(session)).isInstanceOf(Outcome.Fail.class);
    }

    @Test
    void theLastTransactionCounts() {
        CompletableFuture<TransactionEnd> first = new CompletableFuture<>();
        FakeBroker.Session session = started((job, payload) -> {
            job.endIn(report -> first, ACK);
            job.endIn(report -> end, ACK);
            return null;
        });
        first.complete(TransactionEnd.ROLLED_BACK);

        end.complete(TransactionEnd.COMMITTED);

        assertThat(fixture.recorder.next()).isEqualTo("ack applied");
        assertThat(session.reports).isEmpty();
    }

    @Test
    void anAttemptWhoseLeaseIsLostIsNotCompleted() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> refused = new CompletableFuture<>();
        FakeBroker.Session session = started((job, payload) -> {
            running.countDown();
            try {
                goOn.await();
            } catch (InterruptedException lost) {
                try {
                    complete(job, payload);
                } catch (PulseException e) {
                    refused.complete(e.code().name());
                }
            }
            return null;
        });

        running.await(); // an attempt that is lost before its handler is called never calls it
        session.listener.ended("its lease lapsed");

        assertThat(refused.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo("LEASE_LOST");
        assertThat(ends).isEmpty();
    }
}
