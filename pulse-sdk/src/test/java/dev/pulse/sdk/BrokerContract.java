package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every broker over Pulse's own engine does, whatever lies between: one suite, run by each. Every wait is for an
 * event; the short leases are real, because a broker has no clock of its own that a test could move.
 */
@Timeout(120)
public abstract class BrokerContract {
    private static final String TYPE = "work";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final IdSource ids = new IdSource(InstantSource.system(), new Random());
    private BrokerFixture fixture;

    protected abstract BrokerFixture fixture();

    @BeforeEach
    void open() {
        fixture = fixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private JobClient jobs() {
        return fixture.connection().jobs();
    }

    private Submission job() {
        return new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                .type(TYPE)
                .payload(Payload.json("{\"n\":1}"))
                .build(ids);
    }

    private UUID submitted() {
        return jobs().submit(job()).id();
    }

    private Job job(UUID id) {
        return jobs().find(id).orElseThrow();
    }

    private Told open(Duration lease) {
        Told told = new Told();
        SessionSpec spec = new SessionSpec(ids.next(), "tester", Set.of(TYPE), Set.of(), 10, lease);
        BrokerSession session = fixture.connection().broker().open(spec, told);
        told.session(session);
        return told;
    }

    private Told connected(int credits) {
        Told told = open(LONG);
        told.await("connected");
        if (credits > 0) {
            told.session.grant(credits);
        }
        return told;
    }

    // ---- the session ----

    @Test
    void nothingIsCalledBackBeforeOpenHasReturned() {
        Told told = connected(0);

        assertThat(told.calledTooEarly).isFalse();
    }

    @Test
    void aWorkerSaysWhatItHoldsBeforeItIsConnected() {
        Told told = open(LONG);

        assertThat(told.next()).isEqualTo("connecting");
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void closingEndsASessionTwice() {
        Told told = connected(0);

        told.session.close().join();
        told.session.close().join();

        assertThat(told.session.heartbeat(Set.of())).isCompletedExceptionally();
    }

    @Test
    void aSessionThatWasClosedIsNotOpenedAgain() {
        Told first = new Told();
        SessionSpec spec = new SessionSpec(ids.next(), "tester", Set.of(TYPE), Set.of(), 10, LONG);
        first.session(fixture.connection().broker().open(spec, first));
        first.await("connected");
        first.session.close().join();

        Told second = new Told();
        second.session(fixture.connection().broker().open(spec, second));

        second.await("ended");
    }

    // ---- credits and assignments ----

    @Test
    void eachCreditBringsOneJobAndNoMore() {
        UUID one = submitted();
        UUID two = submitted();
        Told told = connected(1);

        assertThat(told.assignment().facts().id()).isEqualTo(one);
        assertThat(told.session.heartbeat(told.held())).succeedsWithin(Duration.ofSeconds(20));
        assertThat(job(two).status()).isEqualTo(JobStatus.PENDING);

        told.session.grant(1);
        assertThat(told.assignment().facts().id()).isEqualTo(two);
    }

    @Test
    void aJobSubmittedLaterComesToAWaitingWorker() {
        Told told = connected(1);

        UUID id = submitted();

        assertThat(told.assignment().facts().id()).isEqualTo(id);
        assertThat(job(id).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void anAssignmentCarriesWhatWasSubmitted() {
        Submission sent = new SubmissionBuilder(Limits.DEFAULT)
                .type(TYPE)
                .queue("mail")
                .priority(7)
                .payload(Payload.of(new byte[] {1, 0, -1}, "application/x-raw"))
                .headers(Map.of("trace", "t-1"))
                .tags(Map.of("customer", "42"))
                .timeout(Duration.ofMinutes(3))
                .build(ids);
        jobs().submit(sent);

        Assignment assignment = connected(1).assignment();

        assertThat(assignment.attempt()).isEqualTo(1);
        assertThat(assignment.facts().type()).isEqualTo(TYPE);
        assertThat(assignment.facts().queue()).isEqualTo("mail");
        assertThat(assignment.facts().priority()).isEqualTo(7);
        assertThat(assignment.facts().payload()).isEqualTo(sent.payload());
        assertThat(assignment.facts().labels()).isEqualTo(sent.labels());
        assertThat(assignment.facts().policy()).isEqualTo(sent.policy());
    }

    // ---- reports ----

    @Test
    void aReportIsAppliedAndItsRepeatToo() {
        UUID id = submitted();
        Told told = connected(1);
        Assignment assignment = told.assignment();
        Outcome done = new Outcome.Ack(Payload.json("{\"sent\":true}"));

        assertThat(told.report(assignment, done)).isEqualTo(ReportAnswer.APPLIED);
        assertThat(told.report(assignment, done)).isEqualTo(ReportAnswer.APPLIED);

        assertThat(job(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job(id).result()).isEqualTo(Payload.json("{\"sent\":true}"));
    }

    @Test
    void aFailureWaitsTheBackoffAndIsKept() {
        UUID id = submitted();
        Told told = connected(1);

        told.report(told.assignment(), new Outcome.Fail(AttemptError.of("Boom", "it broke")));

        assertThat(job(id).status()).isEqualTo(JobStatus.RETRYING);
        assertThat(job(id).error())
                .isNotNull()
                .extracting(AttemptError::message)
                .isEqualTo("it broke");
    }

    @Test
    void aReportWithAnotherTokenIsStale() {
        UUID id = submitted();
        Told told = connected(1);
        Assignment assignment = told.assignment();
        LeaseToken forged =
                new LeaseToken(assignment.token().lane(), assignment.token().seq(), UUID.randomUUID());

        ReportAnswer answer = told.session
                .report(new AttemptReport(id, forged, new Outcome.Ack(null)))
                .join();

        assertThat(answer).isEqualTo(ReportAnswer.STALE);
        assertThat(job(id).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aReportOfAJobThatNobodyKnowsIsUnknown() {
        Told told = connected(0);

        ReportAnswer answer = told.session
                .report(new AttemptReport(ids.next(), new LeaseToken(1, 1, UUID.randomUUID()), new Outcome.Ack(null)))
                .join();

        assertThat(answer).isEqualTo(ReportAnswer.UNKNOWN);
    }

    @Test
    void aResultThatIsNotTheJsonItClaimsToBeFailsTheAttempt() {
        UUID id = submitted();
        Told told = connected(1);

        assertThat(told.report(told.assignment(), new Outcome.Ack(Payload.json("{oops"))))
                .isEqualTo(ReportAnswer.APPLIED);

        assertThat(job(id).status()).isEqualTo(JobStatus.RETRYING);
        assertThat(job(id).error()).isNotNull().extracting(AttemptError::type).isEqualTo("result_not_json");
    }

    // ---- leases ----

    @Test
    void heartbeatsKeepTheLeaseThatASilentSessionLoses() {
        UUID id = submitted();
        Told beating = open(SHORT);
        beating.await("connected");
        beating.session.grant(1);
        Assignment assignment = beating.assignment();
        Told silent = open(SHORT);
        silent.await("connected");

        while (!silent.hears("ended", Duration.ofMillis(100))) {
            beating.session.heartbeat(beating.held()).join();
        }

        assertThat(beating.report(assignment, new Outcome.Ack(null))).isEqualTo(ReportAnswer.APPLIED);
        assertThat(job(id).attempts()).hasSize(1);
    }

    @Test
    void whatALapsedSessionHeldStartsAgainAndItsLateReportIsStale() {
        UUID id = submitted();
        Told silent = open(SHORT);
        silent.await("connected");
        silent.session.grant(1);
        Assignment lost = silent.assignment();
        silent.await("ended");
        Told next = connected(1);

        Assignment again = next.assignment();

        assertThat(again.facts().id()).isEqualTo(id);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(next.session
                        .report(new AttemptReport(id, lost.token(), new Outcome.Ack(null)))
                        .join())
                .isEqualTo(ReportAnswer.STALE);
        assertThat(job(id).attempts().getFirst().outcome()).isEqualTo(OutcomeKind.LAPSE);
    }

    // ---- goodbye ----

    @Test
    void closingHandsBackWhatIsHeldAndChargesNothing() {
        UUID id = submitted();
        Told leaving = connected(1);
        leaving.assignment();

        leaving.session.close().join();
        Assignment again = connected(1).assignment();

        assertThat(again.facts().id()).isEqualTo(id);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(job(id).attempts().getFirst().outcome()).isEqualTo(OutcomeKind.RELEASE);
    }

    @Test
    void aDrainIsToldAndReportsAreStillAnswered() {
        submitted();
        Told told = connected(1);
        Assignment assignment = told.assignment();

        fixture.drain();
        told.await("drain");

        assertThat(told.report(assignment, new Outcome.Ack(null))).isEqualTo(ReportAnswer.APPLIED);
    }

    // ---- cancel ----

    @Test
    void aCancelReachesTheWorkerAndItsAnswerEndsTheJob() {
        UUID id = submitted();
        Told told = connected(1);
        Assignment assignment = told.assignment();

        assertThat(jobs().cancel(id).status()).isEqualTo(JobStatus.RUNNING);
        assertThat(told.canceled()).isEqualTo(Set.of(assignment.token()));
        assertThat(told.session.heartbeat(told.held()).join().cancel()).containsExactly(assignment.token());

        told.report(assignment, new Outcome.Canceled());
        assertThat(job(id).status()).isEqualTo(JobStatus.CANCELED);
    }

    // ---- jobs ----

    @Test
    void callersSeeTheSameRefusalsEverywhere() {
        UUID unknown = ids.next();
        UUID waiting = submitted();

        assertThat(codeOf(() -> jobs().cancel(unknown))).isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(codeOf(() -> jobs().delete(unknown))).isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(codeOf(() -> jobs().await(unknown, Duration.ZERO))).isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(codeOf(() -> jobs().requeue(waiting))).isEqualTo(ErrorCode.ILLEGAL_STATUS);
        assertThat(codeOf(() -> jobs().submitAll(List.of()))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(jobs().find(unknown)).isEmpty();
    }

    @Test
    void aPayloadThatIsTooLargeOrNotItsTypeIsRefusedAndNothingStored() {
        Submission large = new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                .type(TYPE)
                .payload(Payload.of(new byte[300_000], "application/x-raw"))
                .build(ids);
        Submission broken = new SubmissionBuilder(Limits.DEFAULT)
                .type(TYPE)
                .payload(Payload.json("{oops"))
                .build(ids);

        assertThat(codeOf(() -> jobs().submit(large))).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(codeOf(() -> jobs().submitAll(List.of(job(), large)))).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(codeOf(() -> jobs().submit(broken))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThatThrownBy(() -> jobs().submitAll(List.of(job(), broken))).hasMessageContaining("jobs[1].payload");

        assertThat(jobs().counts().total().values()).allMatch(count -> count == 0);
    }

    @Test
    void whatCanBeStoredOfABatchIsStoredAndTheRestSaysWhyNot() {
        Submission good = job();
        Submission broken = new SubmissionBuilder(Limits.DEFAULT)
                .type(TYPE)
                .payload(Payload.json("{oops"))
                .build(ids);
        Submission otherContent =
                new SubmissionBuilder(Limits.DEFAULT).id(good.id()).type(TYPE).build(ids);

        List<SubmitResult> results = jobs().submitEach(List.of(broken, good, otherContent));

        assertThat(results.get(0)).isInstanceOf(SubmitResult.Refused.class);
        assertThat(results.get(1)).isInstanceOf(SubmitResult.Stored.class);
        assertThat(results.get(2))
                .isInstanceOfSatisfying(
                        SubmitResult.Refused.class,
                        refused -> assertThat(refused.reason().code()).isEqualTo(ErrorCode.ID_CONFLICT));
        assertThat(job(good.id()).status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aJobSubmittedTwiceIsADuplicate() {
        Submission job = job();

        assertThat(jobs().submit(job).duplicate()).isFalse();
        assertThat(jobs().submit(job).duplicate()).isTrue();
        assertThat(jobs().submitAll(List.of(job)).getFirst().duplicate()).isTrue();
    }

    @Test
    void awaitAnswersWithTheFinalJobOrAsItStands() {
        UUID id = submitted();
        assertThat(jobs().await(id, Duration.ofMillis(1)).status()).isEqualTo(JobStatus.PENDING);

        Told told = connected(1);
        told.report(told.assignment(), new Outcome.Ack(null));

        assertThat(jobs().await(id, Duration.ofSeconds(30)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aPulseWorksOverIt() {
        JobType<Json> type = JobType.of(TYPE, Json.class);
        Pulse pulse = Pulse.over(fixture.connection(), options -> options.drainTimeout(Duration.ofSeconds(5)));
        pulse.handleReturning(type, (job, payload) -> new Json("{\"echo\":" + payload.text() + "}"));
        pulse.start();

        Job done = pulse.enqueue(type, new Json("42")).await(Duration.ofSeconds(30));

        assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(done.result()).isEqualTo(Payload.json("{\"echo\":42}"));
        pulse.close();
    }

    private static ErrorCode codeOf(Runnable call) {
        try {
            call.run();
        } catch (PulseException e) {
            return e.code();
        }
        throw new AssertionError("was not refused");
    }

    /** A worker that only listens. */
    private static final class Told implements BrokerListener {
        private static final long HANGS = 40;

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<Assignment> assignments = new LinkedBlockingQueue<>();
        private final BlockingQueue<Set<LeaseToken>> cancels = new LinkedBlockingQueue<>();
        private final Set<LeaseToken> held = ConcurrentHashMap.newKeySet();
        private volatile boolean calledTooEarly;

        @SuppressWarnings("NullAway.Init") // the broker calls back once it is set
        private BrokerSession session;

        void session(BrokerSession opening) {
            session = opening;
        }

        Set<LeaseToken> held() {
            return Set.copyOf(held);
        }

        String next() {
            return next(heard);
        }

        private static <T> T next(BlockingQueue<T> queue) {
            try {
                T next = queue.poll(HANGS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing came");
                }
                return next;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void await(String event) {
            for (String next = next(); !next.equals(event); next = next()) {
                assertThat(next).as("while waiting for " + event).isNotEqualTo("ended");
            }
        }

        boolean hears(String event, Duration within) {
            try {
                String next = heard.poll(within.toMillis(), TimeUnit.MILLISECONDS);
                return event.equals(next);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        Assignment assignment() {
            return next(assignments);
        }

        Set<LeaseToken> canceled() {
            return next(cancels);
        }

        ReportAnswer report(Assignment assignment, Outcome outcome) {
            ReportAnswer answer = session.report(
                            new AttemptReport(assignment.facts().id(), assignment.token(), outcome))
                    .join();
            held.remove(assignment.token());
            return answer;
        }

        @Override
        public Set<LeaseToken> connecting() {
            // Called within open, this is on the stack of the one who opens.
            calledTooEarly |= StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("open")
                                    && frame.getClassName().endsWith("BrokerContract")));
            heard.add("connecting");
            return held();
        }

        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void disconnected(PulseException cause) {
            heard.add("disconnected");
        }

        @Override
        public void assigned(List<Assignment> jobs) {
            jobs.forEach(job -> {
                held.add(job.token());
                assignments.add(job);
            });
        }

        @Override
        public void cancel(Set<LeaseToken> tokens) {
            cancels.add(tokens);
        }

        @Override
        public void drain() {
            heard.add("drain");
        }

        @Override
        public void ended(String reason) {
            heard.add("ended");
        }

        @Override
        public void refused(PulseException reason) {
            heard.add("refused");
        }
    }
}
