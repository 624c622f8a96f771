package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a job goes from claim to its end: who gets it, and what a report does. Shows I2, I3, I4, I9. */
public abstract class JobStoreContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    // ---- claim

    @Test
    void aClaimGrantsTheJobToTheSession() {
        UUID session = fixture.session();
        UUID id = fixture.job().type("t").payload("[1]").submitted();

        Assignment granted = fixture.claimOne(session, "t");

        assertThat(granted.facts()).isEqualTo(fixture.find(id).facts());
        assertThat(granted.session()).isEqualTo(session);
        assertThat(granted.attempt()).isEqualTo(1);
        assertThat(granted.suspect()).isFalse();
    }

    @Test
    void aRunningJobShowsTheAttemptThatRuns() {
        Assignment granted = fixture.job().running();

        Job job = fixture.find(granted.facts().id());

        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.startedAt()).isNotNull();
        assertThat(job.finishedAt()).isNull();
        assertThat(job.attempts())
                .containsExactly(new Attempt(1, "worker-" + granted.session(), job.startedAt(), null, null, null));
    }

    @Test
    void theBestPriorityGoesFirst() {
        UUID low = fixture.job().type("t").priority(-1).submitted();
        UUID plain = fixture.job().type("u").submitted();
        UUID high = fixture.job().type("t").priority(10).submitted();

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 3))).containsExactly(high, plain, low);
    }

    @Test
    void withinAPriorityTheOldestGoesFirstAcrossTypesAndQueues() {
        UUID first = fixture.job().type("t").queue("a").submitted();
        UUID second = fixture.job().type("u").queue("b").submitted();
        UUID third = fixture.job().type("t").queue("b").submitted();
        UUID fourth = fixture.job().type("t").queue("a").submitted();

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 4))).containsExactly(first, second, third, fourth);
    }

    @Test
    void aClaimTakesNoMoreThanItHasSlots() {
        for (int i = 0; i < 5; i++) {
            fixture.job().type("t").submitted();
        }
        UUID session = fixture.session();

        assertThat(fixture.claim(session, 3, "t")).hasSize(3);
        assertThat(fixture.claim(session, 3, "t")).hasSize(2);
        assertThat(fixture.claim(session, 3, "t")).isEmpty();
    }

    @Test
    void aClaimWithoutSlotsOrLanesTakesNothing() {
        UUID id = fixture.job().submitted();

        assertThat(fixture.claim(fixture.session(), 0)).isEmpty();
        assertThat(jobs.claim(new Claim(List.of(), List.of(fixture.session())))).isEmpty();
        assertThat(fixture.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aClaimLooksOnlyIntoTheLanesThatItNames() {
        fixture.job().type("t").submitted();
        UUID wanted = fixture.job().type("u").submitted();

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 5, "u"))).containsExactly(wanted);
    }

    @Test
    void aClaimLooksAtNothingBelowItsStart() {
        Inserted.Stored first =
                JobFixture.stored(fixture.submit(fixture.job().type("t").submission()));
        Inserted.Stored second =
                JobFixture.stored(fixture.submit(fixture.job().type("t").submission()));
        assertThat(second.lane()).isEqualTo(first.lane());
        UUID session = fixture.session();
        Claim fromSecond =
                new Claim(List.of(new Claim.LaneStart(first.lane(), 0, second.seq())), List.of(session, session));

        assertThat(JobFixture.ids(jobs.claim(fromSecond))).containsExactly(second.id());
        assertThat(JobFixture.ids(fixture.claim(session, 2))).containsExactly(first.id());
    }

    @Test
    void theFirstJobGoesToTheFirstSlot() {
        UUID first = fixture.job().type("t").submitted();
        UUID second = fixture.job().type("t").submitted();
        UUID third = fixture.job().type("t").submitted();
        UUID a = fixture.session();
        UUID b = fixture.session();

        List<Assignment> granted = jobs.claim(new Claim(fixture.lanes("t"), List.of(b, a, b)));

        assertThat(JobFixture.ids(granted)).containsExactly(first, second, third);
        assertThat(granted.stream().map(Assignment::session)).containsExactly(b, a, b);
    }

    @Test
    void slotsOfEndedLapsedAndUnknownSessionsAreSkipped() {
        UUID lapsed = fixture.session(Duration.ofMinutes(1));
        UUID ended = fixture.session();
        sessions.close(ended);
        advance(Duration.ofMinutes(10));
        UUID alive = fixture.session();
        UUID first = fixture.job().type("t").submitted();
        UUID second = fixture.job().type("t").submitted();
        List<UUID> slots = List.of(ended, lapsed, alive, fixture.newId(), alive);

        List<Assignment> granted = jobs.claim(new Claim(fixture.lanes("t"), slots));

        assertThat(JobFixture.ids(granted)).containsExactly(first, second);
        assertThat(granted.stream().map(Assignment::session)).containsOnly(alive);
    }

    @Test
    void everyGrantHasATokenOfItsOwn() {
        Set<UUID> secrets = new HashSet<>();
        UUID session = fixture.session();
        for (int i = 0; i < 20; i++) {
            fixture.job().type("t").submitted();
        }
        for (Assignment granted : fixture.claim(session, 10, "t")) {
            secrets.add(granted.token().secret());
            fixture.end(granted, new Outcome.Release());
        }
        fixture.claim(session, 20, "t")
                .forEach(granted -> secrets.add(granted.token().secret()));

        assertThat(secrets).hasSize(30);
    }

    @Test
    void aLaneIsOneQueueTypeAndPriority() {
        fixture.job().type("t").submitted();
        fixture.job().type("t").submitted();
        fixture.job().type("t").priority(1).submitted();
        fixture.job().type("t").queue("q").submitted();
        fixture.job().type("u").after(HOUR).submitted();

        assertThat(jobs.lanes())
                .filteredOn(lane -> !lane.suspect())
                .extracting(Lane::queue, Lane::type, Lane::priority)
                .containsExactlyInAnyOrder(
                        tuple("default", "t", 0),
                        tuple("default", "t", 1),
                        tuple("q", "t", 0),
                        tuple("default", "u", 0));
        assertThat(jobs.lanes()).extracting(Lane::number).doesNotHaveDuplicates();
    }

    // ---- end

    @Test
    void anAcknowledgedJobIsCompletedWithItsResult() {
        Assignment granted = fixture.job().running();
        Payload result = Payload.json("{\"sum\" : 3.0}");

        Ended ended = fixture.end(granted, new Outcome.Ack(result));

        UUID id = granted.facts().id();
        assertThat(ended).isEqualTo(new Ended(id, granted.token(), ReportAnswer.APPLIED, JobStatus.COMPLETED, null));
        Job job = fixture.find(id);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.result()).isEqualTo(result);
        assertThat(job.error()).isNull();
        assertThat(job.finishedAt()).isNotNull();
        assertThat(job.attempts())
                .containsExactly(new Attempt(
                        1, "worker-" + granted.session(), job.startedAt(), job.finishedAt(), OutcomeKind.ACK, null));
    }

    @Test
    void aDroppedJobIsCompletedWithoutAResult() {
        Assignment granted = fixture.job().running();

        fixture.end(granted, new Outcome.Drop());

        Job job = fixture.find(granted.facts().id());
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.result()).isNull();
        assertThat(fixture.outcomes(granted.facts().id())).containsExactly(OutcomeKind.DROP);
    }

    @Test
    void aFailedJobWaitsForItsBackoff() {
        Assignment granted = fixture.job().backoff(HOUR).running();
        AttemptError error = new AttemptError("java.io.IOException", "disk full", "at a.b.C");

        Ended ended = fixture.end(granted, new Outcome.Fail(error));

        assertThat(ended.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(ended.delay()).isEqualTo(HOUR);
        Job job = fixture.find(granted.facts().id());
        assertThat(job.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(job.error()).isEqualTo(error);
        Instant failedAt = job.attempts().getFirst().endedAt();
        assertThat(failedAt).isNotNull();
        assertThat(job.runAt()).isEqualTo(failedAt.plus(HOUR));
        assertThat(job.finishedAt()).isNull();
    }

    @Test
    void aRetryMayNameItsOwnWait() {
        Assignment granted = fixture.job().backoff(HOUR).running();

        assertThat(fixture.end(granted, new Outcome.Retry(Duration.ofDays(1), null))
                        .delay())
                .isEqualTo(Duration.ofDays(1));
        assertThat(jobs.promote(10).count()).isZero();
    }

    @Test
    void theAttemptsBudgetEndsInADeadLetter() {
        UUID id = fixture.job().type("t").maxAttempts(3).submitted();
        for (int attempt = 1; attempt <= 2; attempt++) {
            fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.FAIL));
            assertThat(fixture.status(id)).isEqualTo(JobStatus.RETRYING);
            fixture.promoteAll();
        }

        Ended last = fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.TIMEOUT));

        assertThat(last.status()).isEqualTo(JobStatus.DEAD_LETTERED);
        Job job = fixture.find(id);
        assertThat(job.finishedAt()).isNotNull();
        assertThat(job.runAt()).isNull();
        assertThat(job.error()).isEqualTo(AttemptError.of("timeout", "ran too long"));
        assertThat(fixture.outcomes(id)).containsExactly(OutcomeKind.FAIL, OutcomeKind.FAIL, OutcomeKind.TIMEOUT);
    }

    @Test
    void whatWentWrongLastStaysWithTheJobThatSucceedsInTheEnd() {
        Assignment failed = fixture.job().type("t").retrying();
        fixture.promoteAll();
        fixture.end(fixture.claimOne("t"), new Outcome.Ack(null));

        Job job = fixture.find(failed.facts().id());

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.error()).isEqualTo(AttemptError.of("Broken", "it broke"));
    }

    @Test
    void aHandBackIsNotCharged() {
        UUID id = fixture.job().type("t").maxAttempts(2).submitted();
        for (int i = 0; i < 5; i++) {
            Ended ended = fixture.end(fixture.claimOne("t"), new Outcome.Release());
            assertThat(ended.status()).isEqualTo(JobStatus.PENDING);
            assertThat(ended.delay()).isNull();
        }

        Assignment sixth = fixture.claimOne("t");

        assertThat(sixth.attempt()).isEqualTo(6);
        assertBothAttemptsAreLeft(sixth);
        assertThat(fixture.outcomes(id).subList(0, 5)).containsOnly(OutcomeKind.RELEASE);
    }

    @Test
    void aJobHandedBackKeepsItsPlace() {
        UUID first = fixture.job().type("t").submitted();
        UUID second = fixture.job().type("t").submitted();
        fixture.end(fixture.claimOne("t"), new Outcome.Release());

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 2, "t"))).containsExactly(first, second);
    }

    @Test
    void aSnoozeIsNotCharged() {
        UUID id = fixture.job().type("t").maxAttempts(2).submitted();
        for (int i = 0; i < 3; i++) {
            Ended ended = fixture.end(fixture.claimOne("t"), new Outcome.Snooze(HOUR));
            assertThat(ended.status()).isEqualTo(JobStatus.SCHEDULED);
            assertThat(ended.delay()).isEqualTo(HOUR);
            assertThat(fixture.status(id)).isEqualTo(JobStatus.SCHEDULED);
            assertThat(fixture.promoteAll().count()).isOne();
        }

        Assignment fourth = fixture.claimOne("t");

        assertThat(fourth.attempt()).isEqualTo(4);
        assertBothAttemptsAreLeft(fourth);
    }

    private void assertBothAttemptsAreLeft(Assignment first) {
        Outcome failure = JobFixture.outcome(OutcomeKind.FAIL);
        assertThat(fixture.end(first, failure).status()).isEqualTo(JobStatus.RETRYING);
        fixture.promoteAll();
        assertThat(fixture.end(fixture.claimOne("t"), failure).status()).isEqualTo(JobStatus.DEAD_LETTERED);
    }

    @Test
    void attemptNumbersAreNeverUsedTwice() {
        UUID id = fixture.job().type("t").submitted();
        List<Integer> numbers = new ArrayList<>();
        for (OutcomeKind kind : List.of(
                OutcomeKind.RELEASE, OutcomeKind.SNOOZE, OutcomeKind.FAIL, OutcomeKind.LAPSE, OutcomeKind.ACK)) {
            Assignment granted = fixture.claimOne("t");
            numbers.add(granted.attempt());
            fixture.end(granted, JobFixture.outcome(kind));
            fixture.promoteAll();
        }
        jobs.requeue(id);
        numbers.add(fixture.claimOne("t").attempt());

        assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(fixture.find(id).attempts()).extracting(Attempt::number).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(fixture.find(id).attempt()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(OutcomeKind.class)
    void aRepeatedReportFindsWhatItDidBefore(OutcomeKind kind) {
        Assignment granted = fixture.job().running();
        Outcome outcome = JobFixture.outcome(kind);
        fixture.end(granted, outcome);
        Job before = fixture.find(granted.facts().id());

        Ended repeated = fixture.end(granted, outcome);

        assertThat(repeated)
                .isEqualTo(new Ended(granted.facts().id(), granted.token(), ReportAnswer.APPLIED, null, null));
        assertThat(fixture.find(granted.facts().id())).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(OutcomeKind.class)
    void anotherOutcomeAfterTheFirstIsStale(OutcomeKind kind) {
        Assignment granted = fixture.job().running();
        fixture.end(granted, JobFixture.outcome(kind));
        Job before = fixture.find(granted.facts().id());
        OutcomeKind other = kind == OutcomeKind.ACK ? OutcomeKind.FAIL : OutcomeKind.ACK;

        Ended second = fixture.end(granted, JobFixture.outcome(other));

        assertThat(second).isEqualTo(new Ended(granted.facts().id(), granted.token(), ReportAnswer.STALE, null, null));
        assertThat(fixture.find(granted.facts().id())).isEqualTo(before);
    }

    @Test
    void aRepeatIsKnownAfterTheJobHasGoneOn() {
        Assignment failed = fixture.job().type("t").retrying();
        fixture.promoteAll();
        Assignment next = fixture.claimOne("t");

        Ended repeat = fixture.end(failed, JobFixture.outcome(OutcomeKind.FAIL));
        Ended late = fixture.end(failed, new Outcome.Ack(null));

        assertThat(repeat.answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(repeat.status()).isNull();
        assertThat(late.answer()).isEqualTo(ReportAnswer.STALE);
        assertThat(fixture.status(next.facts().id())).isEqualTo(JobStatus.RUNNING);
        assertThat(fixture.end(next, new Outcome.Ack(null)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aTokenThatNobodyWasGivenIsStale() {
        Assignment granted = fixture.job().running();
        LeaseToken forged = JobFixture.forged(granted.token());

        assertThat(fixture.end(granted.facts().id(), forged, new Outcome.Ack(null))
                        .answer())
                .isEqualTo(ReportAnswer.STALE);
        assertThat(fixture.status(granted.facts().id())).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aTokenEndsNoOtherJob() {
        Assignment mine = fixture.job().running();
        Assignment other = fixture.job().running();

        assertThat(fixture.end(other.facts().id(), mine.token(), new Outcome.Ack(null))
                        .answer())
                .isEqualTo(ReportAnswer.STALE);
        assertThat(fixture.status(mine.facts().id())).isEqualTo(JobStatus.RUNNING);
        assertThat(fixture.status(other.facts().id())).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aReportOnNoJobIsUnknown() {
        Assignment granted = fixture.job().completed();
        UUID nobody = fixture.newId();

        assertThat(fixture.end(nobody, granted.token(), new Outcome.Ack(null)))
                .isEqualTo(new Ended(nobody, granted.token(), ReportAnswer.UNKNOWN, null, null));

        jobs.delete(granted.facts().id());
        assertThat(fixture.end(granted, new Outcome.Ack(null)).answer()).isEqualTo(ReportAnswer.UNKNOWN);
    }

    @Test
    void everyReportOfABatchIsAnsweredInItsPlace() {
        Assignment done = fixture.job().running();
        Assignment failed = fixture.job().backoff(HOUR).running();
        Assignment back = fixture.job().running();
        Assignment before = fixture.job().completed();
        UUID nobody = fixture.newId();

        List<Ended> answers = jobs.end(
                List.of(
                        new Report(failed.facts().id(), failed.token(), JobFixture.outcome(OutcomeKind.FAIL)),
                        new Report(nobody, done.token(), new Outcome.Ack(null)),
                        new Report(before.facts().id(), before.token(), new Outcome.Ack(null)),
                        new Report(done.facts().id(), done.token(), new Outcome.Ack(Payload.json("1"))),
                        new Report(back.facts().id(), JobFixture.forged(back.token()), new Outcome.Drop()),
                        new Report(back.facts().id(), back.token(), new Outcome.Release())),
                store.decider());

        assertThat(answers)
                .containsExactly(
                        new Ended(failed.facts().id(), failed.token(), ReportAnswer.APPLIED, JobStatus.RETRYING, HOUR),
                        new Ended(nobody, done.token(), ReportAnswer.UNKNOWN, null, null),
                        new Ended(before.facts().id(), before.token(), ReportAnswer.APPLIED, null, null),
                        new Ended(done.facts().id(), done.token(), ReportAnswer.APPLIED, JobStatus.COMPLETED, null),
                        new Ended(back.facts().id(), JobFixture.forged(back.token()), ReportAnswer.STALE, null, null),
                        new Ended(back.facts().id(), back.token(), ReportAnswer.APPLIED, JobStatus.PENDING, null));
    }

    @Test
    void insideABatchTheFirstReportOfATokenCounts() {
        Assignment granted = fixture.job().running();
        UUID id = granted.facts().id();

        List<Ended> answers = jobs.end(
                List.of(
                        new Report(id, granted.token(), new Outcome.Ack(Payload.json("1"))),
                        new Report(id, granted.token(), new Outcome.Ack(Payload.json("2"))),
                        new Report(id, granted.token(), new Outcome.Release())),
                store.decider());

        assertThat(answers)
                .extracting(Ended::answer)
                .containsExactly(ReportAnswer.APPLIED, ReportAnswer.APPLIED, ReportAnswer.STALE);
        assertThat(answers).extracting(Ended::status).containsExactly(JobStatus.COMPLETED, null, null);
        assertThat(fixture.find(id).result()).isEqualTo(Payload.json("1"));
        assertThat(fixture.outcomes(id)).containsExactly(OutcomeKind.ACK);
    }

    @Test
    void aReportIsAppliedAfterTheLeaseHasRunOutButBeforeTheSweep() {
        UUID session = fixture.session(Duration.ofMinutes(1));
        Assignment granted = fixture.job().running(session);
        advance(Duration.ofMinutes(10));

        assertThat(fixture.end(granted, new Outcome.Ack(null)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void anEmptyBatchOfReportsIsAnsweredWithNothing() {
        assertThat(jobs.end(List.of(), store.decider())).isEmpty();
    }

    @Test
    void anErrorOfAnySizeAndShapeIsKept() {
        Assignment granted = fixture.job().running();
        AttemptError error =
                new AttemptError("x".repeat(400), "nul \0 half \ud800 " + "y".repeat(9_000), "z".repeat(99_999));

        fixture.end(granted, new Outcome.Fail(error));

        assertThat(fixture.find(granted.facts().id()).error()).isEqualTo(error);
    }

    @Test
    void aResultInRawBytesIsKept() {
        Assignment granted = fixture.job().running();
        Payload result = Payload.of(new byte[] {0, 1, (byte) 0xff}, "application/octet-stream");

        fixture.end(granted, new Outcome.Ack(result));

        assertThat(fixture.find(granted.facts().id()).result()).isEqualTo(result);
    }
}
