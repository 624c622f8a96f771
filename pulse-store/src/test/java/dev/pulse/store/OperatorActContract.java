package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person may do to a job: cancel, requeue, run now, delete. */
public abstract class OperatorActContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    // ---- cancel

    @Test
    void cancelingAWaitingJobIsWrittenIntoItsHistory() {
        UUID id = fixture.job().submitted();

        assertThat(jobs.cancel(id, "ann")).isEqualTo(new Acted.Done(JobStatus.CANCELED, 0, null));

        Job job = fixture.find(id);
        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(job.finishedAt()).isNotNull();
        assertThat(job.startedAt()).isNull();
        assertThat(job.attempt()).isZero();
        Attempt line = job.attempts().getFirst();
        assertThat(job.attempts()).hasSize(1);
        assertThat(line.number()).isZero();
        assertThat(line.worker()).isNull();
        assertThat(line.startedAt()).isNull();
        assertThat(line.endedAt()).isEqualTo(job.finishedAt());
        assertThat(line.outcome()).isEqualTo(OutcomeKind.CANCELED);
        assertThat(line.error()).isNotNull();
        assertThat(line.error().message()).contains("ann");
    }

    @Test
    void cancelingARetryingJobKeepsItsEarlierAttempts() {
        Assignment failed = fixture.job().retrying();
        UUID id = failed.facts().id();
        Instant started = fixture.find(id).startedAt();

        jobs.cancel(id, "ann");

        Job job = fixture.find(id);
        assertThat(job.runAt()).isNull();
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.startedAt()).isEqualTo(started);
        assertThat(job.error()).as("a cancel is no failure").isEqualTo(AttemptError.of("Broken", "it broke"));
        assertThat(fixture.outcomes(id)).containsExactly(OutcomeKind.FAIL, OutcomeKind.CANCELED);
        assertThat(job.attempts()).extracting(Attempt::number).containsExactly(1, 1);
    }

    @Test
    void aCanceledJobIsNeverGrantedOrPromoted() {
        jobs.cancel(fixture.job().type("t").submitted(), "ann");
        jobs.cancel(fixture.job().type("t").after(HOUR).submitted(), "ann");

        assertThat(fixture.promoteAll().count()).isZero();
        assertThat(fixture.claim(fixture.session(), 2)).isEmpty();
    }

    @Test
    void cancelingARunningJobAsksItsSession() {
        Assignment granted = fixture.job().running();
        UUID id = granted.facts().id();

        assertThat(jobs.cancel(id, "ann")).isEqualTo(new Acted.Done(JobStatus.RUNNING, 0, granted.session()));

        assertThat(fixture.status(id)).isEqualTo(JobStatus.RUNNING);
        assertThat(sessions.cancelRequests(Set.of(granted.session())))
                .containsExactly(new CancelRequest(granted.session(), id, granted.token()));
        assertThat(sessions.cancelRequests(Set.of(fixture.session()))).isEmpty();
    }

    @Test
    void askingTwiceAsksOnce() {
        Assignment granted = fixture.job().running();
        jobs.cancel(granted.facts().id(), "ann");

        assertThat(jobs.cancel(granted.facts().id(), "bob"))
                .isEqualTo(new Acted.Done(JobStatus.RUNNING, 0, granted.session()));
        assertThat(sessions.cancelRequests(Set.of(granted.session()))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(OutcomeKind.class)
    void afterACancelRequestOnlyAckAndDropComplete(OutcomeKind kind) {
        Assignment granted = fixture.job().running();
        jobs.cancel(granted.facts().id(), "ann");

        Ended ended = fixture.end(granted, JobFixture.outcome(kind));

        boolean done = kind == OutcomeKind.ACK || kind == OutcomeKind.DROP;
        assertThat(ended.status()).isEqualTo(done ? JobStatus.COMPLETED : JobStatus.CANCELED);
        assertThat(ended.delay()).isNull();
        assertThat(fixture.status(granted.facts().id())).isEqualTo(ended.status());
        assertThat(sessions.cancelRequests(Set.of(granted.session()))).isEmpty();
    }

    @Test
    void aRequestDoesNotOutliveTheAttempt() {
        Assignment granted = fixture.job().type("t").running();
        jobs.cancel(granted.facts().id(), "ann");
        fixture.end(granted, new Outcome.Canceled());
        jobs.requeue(granted.facts().id());

        Assignment next = fixture.claimOne("t");

        assertThat(sessions.cancelRequests(Set.of(next.session(), granted.session())))
                .isEmpty();
        assertThat(fixture.end(next, JobFixture.outcome(OutcomeKind.FAIL)).status())
                .isEqualTo(JobStatus.RETRYING);
    }

    @Test
    void aLapseAfterACancelRequestEndsTheJobCanceled() {
        UUID session = fixture.session();
        Assignment granted = fixture.job().running(session);
        jobs.cancel(granted.facts().id(), "ann");

        assertThat(fixture.lapse(session).status()).isEqualTo(JobStatus.CANCELED);
        assertThat(fixture.status(granted.facts().id())).isEqualTo(JobStatus.CANCELED);
    }

    // ---- requeue

    @Test
    void aRequeuedJobStartsWithAFreshBudget() {
        UUID id = fixture.job().type("t").maxAttempts(2).submitted();
        fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.FAIL));
        fixture.promoteAll();
        fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.FAIL));
        assertThat(fixture.status(id)).isEqualTo(JobStatus.DEAD_LETTERED);

        Acted acted = jobs.requeue(id);

        int lane = fixture.lanes("t").getFirst().lane();
        assertThat(acted).isEqualTo(new Acted.Done(JobStatus.PENDING, lane, null));
        assertThat(fixture.find(id).finishedAt()).isNull();
        Assignment third = fixture.claimOne("t");
        assertThat(third.attempt()).isEqualTo(3);
        assertThat(fixture.end(third, JobFixture.outcome(OutcomeKind.FAIL)).status())
                .isEqualTo(JobStatus.RETRYING);
    }

    @Test
    void aRequeuedJobHasNoResultUntilItCompletesAgain() {
        Assignment granted = fixture.job().running();
        fixture.end(granted, new Outcome.Ack(Payload.json("1")));

        jobs.requeue(granted.facts().id());

        assertThat(fixture.find(granted.facts().id()).result()).isNull();
        assertThat(fixture.find(granted.facts().id()).finishedAt()).isNull();
    }

    @Test
    void aRequeuedJobQueuesBehindWhatIsReady() {
        UUID done = fixture.job().type("t").completed().facts().id();
        UUID ready = fixture.job().type("t").submitted();
        jobs.requeue(done);

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 2, "t"))).containsExactly(ready, done);
    }

    @Test
    void aJobCanBeRequeuedAgainAndAgain() {
        UUID id = fixture.job().type("t").submitted();
        for (int round = 1; round <= 4; round++) {
            Assignment granted = fixture.claimOne("t");
            assertThat(granted.attempt()).isEqualTo(round);
            fixture.end(granted, new Outcome.Ack(null));
            assertThat(jobs.requeue(id)).isInstanceOf(Acted.Done.class);
        }
        assertThat(fixture.outcomes(id)).hasSize(4).containsOnly(OutcomeKind.ACK);
    }

    @Test
    void aRequeuedJobRunsAtOnceWhateverItsTimeWas() {
        UUID id = fixture.job().type("t").after(HOUR).submitted();
        jobs.cancel(id, "ann");

        jobs.requeue(id);

        assertThat(fixture.claimOne("t").facts().id()).isEqualTo(id);
    }

    @Test
    void requeueTakesTheKeyAgain() {
        UUID id = fixture.job().type("t").key("k").completed().facts().id();

        assertThat(jobs.requeue(id)).isInstanceOf(Acted.Done.class);

        assertThat(fixture.submit(fixture.job().type("t").key("k").submission()))
                .isEqualTo(new Inserted.Duplicate(id));
    }

    @Test
    void requeueIsRefusedWhileAnotherJobHoldsTheKey() {
        UUID old = fixture.job().type("t").key("k").completed().facts().id();
        UUID holder = fixture.job().type("t").key("k").submitted();

        assertThat(jobs.requeue(old)).isEqualTo(new Acted.KeyTaken("k", holder));
        assertThat(fixture.status(old)).isEqualTo(JobStatus.COMPLETED);

        jobs.cancel(holder, "ann");
        assertThat(jobs.requeue(old)).isInstanceOf(Acted.Done.class);
        assertThat(jobs.requeue(holder)).isEqualTo(new Acted.KeyTaken("k", old));
    }

    @Test
    void requeueWithinTheTimeToLiveOfItsOwnKeyIsAllowed() {
        UUID id = fixture.job()
                .type("t")
                .key("k", Duration.ofDays(1))
                .completed()
                .facts()
                .id();

        assertThat(jobs.requeue(id)).isInstanceOf(Acted.Done.class);
    }

    @Test
    void requeueWithinTheTimeToLiveOfItsKeyDoesNotLengthenIt() {
        UUID id = fixture.job()
                .type("t")
                .key("k", Duration.ofDays(1))
                .completed()
                .facts()
                .id();
        jobs.requeue(id);
        advance(Duration.ofDays(1).plusMinutes(5));

        assertThat(fixture.submit(fixture.job().type("t").key("k").submission()))
                .isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void requeueAfterTheTimeToLiveOfItsKeyHoldsItWhileTheJobIsUnfinished() {
        UUID id = fixture.job().type("t").key("k", HOUR).completed().facts().id();
        advance(HOUR.plusMinutes(5));
        jobs.requeue(id);
        advance(Duration.ofDays(1));

        assertThat(fixture.submit(fixture.job().type("t").key("k").submission()))
                .isEqualTo(new Inserted.Duplicate(id));
        fixture.end(fixture.claimOne("t"), new Outcome.Ack(null));
        assertThat(fixture.submit(fixture.job().type("t").key("k").submission()))
                .isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void requeueIsRefusedWhileTheKeyOfAnotherFinishedJobLives() {
        UUID old = fixture.job().type("t").key("k").completed().facts().id();
        UUID holder = fixture.job()
                .type("t")
                .key("k", Duration.ofDays(1))
                .completed()
                .facts()
                .id();

        assertThat(jobs.requeue(old)).isEqualTo(new Acted.KeyTaken("k", holder));
    }

    // ---- run now, delete

    @Test
    void runNowMakesAWaitingJobReady() {
        UUID scheduled = fixture.job().type("t").scheduled();
        UUID failed = fixture.job().type("t").retrying().facts().id();

        int lane = fixture.lanes("t").getFirst().lane();
        assertThat(jobs.runNow(failed)).isEqualTo(new Acted.Done(JobStatus.PENDING, lane, null));
        assertThat(jobs.runNow(scheduled)).isEqualTo(new Acted.Done(JobStatus.PENDING, lane, null));

        assertThat(fixture.find(scheduled).runAt()).isNull();
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 2, "t"))).containsExactly(failed, scheduled);
        assertThat(fixture.promoteAll().count()).isZero();
    }

    @Test
    void runNowLeavesAPendingJobInItsPlace() {
        UUID first = fixture.job().type("t").submitted();
        UUID second = fixture.job().type("t").submitted();

        assertThat(jobs.runNow(first)).isEqualTo(new Acted.Done(JobStatus.PENDING, 0, null));

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 2, "t"))).containsExactly(first, second);
    }

    @Test
    void aDeletedJobIsGoneWithItsHistory() {
        Assignment done = fixture.job().completed();
        UUID id = done.facts().id();

        assertThat(jobs.delete(id)).isEqualTo(new Acted.Done(JobStatus.COMPLETED, 0, null));

        assertThat(jobs.find(id)).isEmpty();
        assertThat(jobs.list(JobFilter.ALL, 10, null).items()).isEmpty();
        assertThat(jobs.counts().byType()).isEmpty();
        fixture.submit(fixture.job().id(id).submission());
        assertThat(fixture.find(id).attempts()).isEmpty();
        assertThat(fixture.find(id).attempt()).isZero();
    }

    @Test
    void aDeletedJobIsNeverGrantedOrPromoted() {
        jobs.delete(fixture.job().submitted());
        jobs.delete(fixture.job().scheduled());
        jobs.delete(fixture.job().retrying().facts().id());

        assertThat(fixture.promoteAll().count()).isZero();
        assertThat(fixture.claim(fixture.session(), 5)).isEmpty();
    }

    @Test
    void nothingCanBeDoneToAJobThatIsNotThere() {
        UUID nobody = fixture.newId();

        assertThat(List.of(jobs.cancel(nobody, "ann"), jobs.requeue(nobody), jobs.runNow(nobody), jobs.delete(nobody)))
                .containsOnly(new Acted.NotFound());
        assertThat(jobs.find(nobody)).isEmpty();
    }
}
