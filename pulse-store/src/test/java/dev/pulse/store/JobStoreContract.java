package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a job goes from claim to its end, and what can be seen of it. */
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
        UUID id = fixture.job().type("t").maxAttempts(1).submitted();
        for (int i = 0; i < 5; i++) {
            Ended ended = fixture.end(fixture.claimOne("t"), new Outcome.Release());
            assertThat(ended.status()).isEqualTo(JobStatus.PENDING);
            assertThat(ended.delay()).isNull();
        }

        Assignment sixth = fixture.claimOne("t");

        assertThat(sixth.attempt()).isEqualTo(6);
        assertThat(fixture.end(sixth, JobFixture.outcome(OutcomeKind.FAIL)).status())
                .isEqualTo(JobStatus.DEAD_LETTERED);
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
        UUID id = fixture.job().type("t").maxAttempts(1).submitted();
        for (int i = 0; i < 3; i++) {
            Ended ended = fixture.end(fixture.claimOne("t"), new Outcome.Snooze(HOUR));
            assertThat(ended.status()).isEqualTo(JobStatus.SCHEDULED);
            assertThat(ended.delay()).isEqualTo(HOUR);
            assertThat(fixture.status(id)).isEqualTo(JobStatus.SCHEDULED);
            assertThat(fixture.promoteAll().count()).isOne();
        }

        Assignment fourth = fixture.claimOne("t");

        assertThat(fourth.attempt()).isEqualTo(4);
        assertThat(fixture.end(fourth, JobFixture.outcome(OutcomeKind.FAIL)).status())
                .isEqualTo(JobStatus.DEAD_LETTERED);
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

    // ---- promote

    @Test
    void aDueJobBecomesReady() {
        UUID id = fixture.job().type("t").after(HOUR).submitted();
        assertThat(jobs.promote(10).count()).isZero();
        assertThat(fixture.claim(fixture.session(), 1)).isEmpty();

        advance(HOUR.plusMinutes(5));
        Promoted promoted = jobs.promote(10);

        assertThat(promoted.count()).isOne();
        assertThat(promoted.untilNext()).isNull();
        assertThat(promoted.lanes())
                .containsExactlyElementsOf(
                        fixture.lanes("t").stream().map(Claim.LaneStart::lane).toList());
        Job job = fixture.find(id);
        assertThat(job.status()).isEqualTo(JobStatus.PENDING);
        assertThat(job.runAt()).isNull();
        assertThat(fixture.claimOne("t").facts().id()).isEqualTo(id);
    }

    @Test
    void theEarliestDueJobIsPromotedFirst() {
        UUID third = fixture.job().type("t").after(HOUR.multipliedBy(3)).submitted();
        UUID first = fixture.job().type("t").after(HOUR).submitted();
        UUID second = fixture.job().type("t").after(HOUR.multipliedBy(2)).submitted();
        advance(Duration.ofDays(1));

        assertThat(jobs.promote(2).count()).isEqualTo(2);
        assertThat(fixture.status(third)).isEqualTo(JobStatus.SCHEDULED);
        assertThat(jobs.promote(2).count()).isOne();
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 3))).containsExactly(first, second, third);
    }

    @Test
    void jobsDueAtTheSameMomentArePromotedInTheOrderOfTheirIds() {
        Instant due = servers.now().plus(HOUR);
        List<UUID> sorted = new ArrayList<>();
        for (String id : List.of(
                "2f3a1b6e-8c4d-4e0f-9a7b-5c6d7e8f9a0b",
                "0197a3c1-0000-7000-8000-000000000001",
                "f0000000-0000-4000-8000-000000000000",
                "7fffffff-0000-4000-8000-000000000000",
                "0197a3c1-0000-7000-b000-000000000001")) {
            sorted.add(fixture.job().id(UUID.fromString(id)).type("t").at(due).submitted());
        }
        sorted.sort(Comparator.comparing(UUID::toString));
        advance(HOUR.plusMinutes(5));

        assertThat(jobs.promote(3).count()).isEqualTo(3);
        assertThat(jobs.promote(3).count()).isEqualTo(2);
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 5))).containsExactlyElementsOf(sorted);
    }

    @Test
    void aPromotionTellsHowLongUntilTheNext() {
        fixture.job().after(HOUR).submitted();
        fixture.job().after(HOUR.multipliedBy(3)).submitted();
        assertThat(jobs.promote(10).untilNext()).isBetween(HOUR.minusMinutes(5), HOUR);

        advance(HOUR.plusMinutes(10));
        assertThat(jobs.promote(10).untilNext()).isBetween(HOUR, HOUR.multipliedBy(2));

        fixture.job().after(HOUR).submitted();
        advance(Duration.ofDays(1));
        Duration overdue = jobs.promote(1).untilNext();
        assertThat(overdue).isNotNull();
        assertThat(overdue.isPositive()).isFalse();
    }

    @Test
    void aPromotedJobQueuesBehindWhatWasReadyBeforeIt() {
        UUID scheduled = fixture.job().type("t").after(HOUR).submitted();
        UUID failed = fixture.job().type("t").backoff(HOUR).running().facts().id();
        fixture.end(failed, tokenOf(failed), JobFixture.outcome(OutcomeKind.FAIL));
        UUID ready = fixture.job().type("u").submitted();
        advance(HOUR.plusMinutes(5));
        jobs.promote(10);
        UUID after = fixture.job().type("t").submitted();

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 4)))
                .containsExactly(ready, scheduled, failed, after);
    }

    private LeaseToken tokenOf(UUID id) {
        return sessions.sessions().stream()
                .flatMap(session -> sessions.heldBy(session.spec().id()).stream())
                .filter(held -> held.jobId().equals(id))
                .findFirst()
                .orElseThrow()
                .token();
    }

    // ---- crashes

    @Test
    void aLapseWaitsASecondForEachLapseInARow() {
        Assignment granted = fixture.job().type("t").running();

        Ended first = fixture.end(granted, new Outcome.Lapse());
        fixture.promoteAll();
        Ended second = fixture.end(fixture.claimOne("t"), new Outcome.Lapse());

        assertThat(first.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(first.delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(second.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(second.delay()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void threeLapsesInARowBuryTheJob() {
        UUID id = fixture.job().type("t").submitted();
        for (int i = 0; i < 2; i++) {
            fixture.crash("t");
            fixture.promoteAll();
        }

        assertThat(fixture.crash("t").status()).isEqualTo(JobStatus.DEAD_LETTERED);
        Job job = fixture.find(id);
        assertThat(job.status()).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(job.error()).isNotNull();
        assertThat(job.error().type()).isEqualTo("worker_lost");
        assertThat(job.attempts())
                .extracting(Attempt::outcome)
                .containsExactly(OutcomeKind.LAPSE, OutcomeKind.LAPSE, OutcomeKind.LAPSE);
    }

    @Test
    void anOrdinaryFailureStartsTheCountOfLapsesAnew() {
        UUID id = fixture.job().type("t").submitted();
        for (OutcomeKind kind :
                List.of(OutcomeKind.LAPSE, OutcomeKind.LAPSE, OutcomeKind.FAIL, OutcomeKind.LAPSE, OutcomeKind.LAPSE)) {
            fixture.end(fixture.claimOne("t"), JobFixture.outcome(kind));
            assertThat(fixture.status(id)).isEqualTo(JobStatus.RETRYING);
            fixture.promoteAll();
        }

        assertThat(fixture.end(fixture.claimOne("t"), new Outcome.Lapse()).status())
                .isEqualTo(JobStatus.DEAD_LETTERED);
    }

    @Test
    void aJobThatLostItsWorkerTwiceWaitsInTheSuspectsLane() {
        UUID id = suspect("t");

        Lane suspects = jobs.lanes().stream().filter(Lane::suspect).findFirst().orElseThrow();
        assertThat(suspects).isEqualTo(new Lane(suspects.number(), "default", "t", 0, true));
        UUID session = fixture.session();
        List<Claim.LaneStart> plain = fixture.lanes("t").stream()
                .filter(start -> start.lane() != suspects.number())
                .toList();
        assertThat(jobs.claim(new Claim(plain, List.of(session)))).isEmpty();
        List<Assignment> granted =
                jobs.claim(new Claim(List.of(new Claim.LaneStart(suspects.number(), 0, 0)), List.of(session)));
        assertThat(JobFixture.ids(granted)).containsExactly(id);
        assertThat(granted.getFirst().suspect()).isTrue();
        assertThat(granted.getFirst().token().lane()).isEqualTo(suspects.number());
    }

    @Test
    void theLaneOfASuspectIsAnnouncedByItsPromotion() {
        fixture.job().type("t").submitted();
        for (int i = 0; i < 2; i++) {
            fixture.promoteAll();
            fixture.end(fixture.claimOne("t"), new Outcome.Lapse());
        }

        Promoted promoted = fixture.promoteAll();

        assertThat(promoted.lanes())
                .containsExactlyElementsOf(jobs.lanes().stream()
                        .filter(Lane::suspect)
                        .map(Lane::number)
                        .toList());
    }

    @Test
    void aSuspectHandedBackIsStillASuspect() {
        suspect("t");
        fixture.end(fixture.claimOne("t"), new Outcome.Release());

        assertThat(fixture.claimOne("t").suspect()).isTrue();
    }

    @Test
    void aSuspectThatFailsInOrderIsNoSuspectAnyMore() {
        suspect("t");
        fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.FAIL));
        fixture.promoteAll();

        Assignment granted = fixture.claimOne("t");

        assertThat(granted.suspect()).isFalse();
        assertThat(jobs.lanes())
                .filteredOn(lane -> lane.number() == granted.token().lane())
                .noneMatch(Lane::suspect);
    }

    @Test
    void aSuspectMadeReadyByHandWaitsInTheSuspectsLaneToo() {
        UUID id = fixture.job().type("t").submitted();
        for (int i = 0; i < 2; i++) {
            fixture.promoteAll();
            fixture.end(fixture.claimOne("t"), new Outcome.Lapse());
        }

        jobs.runNow(id);

        assertThat(fixture.claimOne("t").suspect()).isTrue();
    }

    @Test
    void aRequeuedJobIsNoSuspect() {
        UUID id = suspect("t");
        fixture.end(fixture.claimOne("t"), new Outcome.Lapse());
        assertThat(fixture.status(id)).isEqualTo(JobStatus.DEAD_LETTERED);
        jobs.requeue(id);

        Assignment granted = fixture.claimOne("t");
        assertThat(granted.suspect()).isFalse();
        assertThat(fixture.end(granted, new Outcome.Lapse()).delay()).isEqualTo(Duration.ofSeconds(1));
    }

    private UUID suspect(String type) {
        UUID id = fixture.job().type(type).submitted();
        for (int i = 0; i < 2; i++) {
            fixture.end(fixture.claimOne(type), new Outcome.Lapse());
            fixture.promoteAll();
        }
        return id;
    }

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

    // ---- looking

    @Test
    void finishedNamesTheFinalAndTheMissing() {
        UUID done = fixture.job().completed().facts().id();
        UUID dead = fixture.job().deadLettered().facts().id();
        UUID canceled = fixture.job().canceled().facts().id();
        UUID nobody = fixture.newId();
        Set<UUID> asked = new HashSet<>(List.of(done, dead, canceled, nobody));
        asked.add(fixture.job().submitted());
        asked.add(fixture.job().scheduled());
        asked.add(fixture.job().running().facts().id());
        asked.add(fixture.job().retrying().facts().id());

        assertThat(jobs.finished(asked)).containsExactlyInAnyOrder(done, dead, canceled, nobody);
        assertThat(jobs.finished(Set.of())).isEmpty();
    }

    @Test
    void countsShowEveryStatusOfEveryType() {
        fixture.job().type("a").submitted();
        fixture.job().type("b").submitted();
        fixture.job().type("b").scheduled();
        fixture.job().type("c").running();
        fixture.job().type("d").retrying();
        fixture.job().type("e").completed();
        fixture.job().type("f").deadLettered();
        fixture.job().type("g").canceled();

        JobCounts counts = jobs.counts();

        assertThat(new LinkedHashMap<>(counts.byType()))
                .containsExactly(
                        Map.entry("a", Map.of(JobStatus.PENDING, 1L)),
                        Map.entry("b", Map.of(JobStatus.SCHEDULED, 1L, JobStatus.PENDING, 1L)),
                        Map.entry("c", Map.of(JobStatus.RUNNING, 1L)),
                        Map.entry("d", Map.of(JobStatus.RETRYING, 1L)),
                        Map.entry("e", Map.of(JobStatus.COMPLETED, 1L)),
                        Map.entry("f", Map.of(JobStatus.DEAD_LETTERED, 1L)),
                        Map.entry("g", Map.of(JobStatus.CANCELED, 1L)));
    }

    @Test
    void theOldestReadyJobsWaitIsCounted() {
        assertThat(jobs.counts().oldestPending()).isNull();
        fixture.job().type("t").submitted();
        advance(HOUR);
        fixture.job().type("u").submitted();

        assertThat(jobs.counts().oldestPending()).isBetween(HOUR, HOUR.plusMinutes(5));

        fixture.claimOne("t");
        assertThat(jobs.counts().oldestPending()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        fixture.claimOne("u");
        assertThat(jobs.counts().oldestPending()).isNull();
    }

    @Test
    void aListShowsTheNewestFirstPageByPage() {
        List<UUID> newestFirst = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            newestFirst.addFirst(oneOfEach(i));
            advance(Duration.ofMinutes(1));
        }

        List<UUID> seen = new ArrayList<>();
        String cursor = null;
        do {
            JobPage page = jobs.list(JobFilter.ALL, 3, cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(newestFirst);
    }

    private UUID oneOfEach(int i) {
        return switch (JobStatus.values()[i]) {
            case SCHEDULED -> fixture.job().scheduled();
            case PENDING -> fixture.job().submitted();
            case RUNNING -> fixture.job().running().facts().id();
            case RETRYING -> fixture.job().retrying().facts().id();
            case COMPLETED -> fixture.job().completed().facts().id();
            case DEAD_LETTERED -> fixture.job().deadLettered().facts().id();
            case CANCELED -> fixture.job().canceled().facts().id();
        };
    }

    @Test
    void aFullLastPageHasNoCursor() {
        for (int i = 0; i < 4; i++) {
            fixture.job().submitted();
        }

        assertThat(jobs.list(JobFilter.ALL, 4, null).nextCursor()).isNull();
        assertThat(jobs.list(JobFilter.ALL, 3, null).nextCursor()).isNotNull();
    }

    @Test
    void aListShowsTheWholeJobWithoutItsHistory() {
        UUID id = fixture.job().deadLettered().facts().id();
        Job found = fixture.find(id);

        assertThat(jobs.list(JobFilter.ALL, 10, null).items())
                .containsExactly(new Job(
                        found.facts(),
                        found.status(),
                        found.attempt(),
                        found.runAt(),
                        found.startedAt(),
                        found.finishedAt(),
                        found.error(),
                        found.result(),
                        List.of()));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void aListCanBeCutToAStatus(JobStatus wanted) {
        List<UUID> all = new ArrayList<>();
        for (JobStatus status : JobStatus.values()) {
            all.add(oneOfEach(status.ordinal()));
        }

        assertThat(jobs.list(JobFilter.ALL.withStatus(wanted), 10, null).items())
                .extracting(job -> job.facts().id())
                .containsExactly(all.get(wanted.ordinal()));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void aListOfOneStatusGoesPageByPageToo(JobStatus status) {
        List<UUID> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.addFirst(oneOfEach(status.ordinal()));
            advance(Duration.ofMinutes(1));
        }

        List<UUID> seen = new ArrayList<>();
        String cursor = null;
        do {
            JobPage page = jobs.list(JobFilter.ALL.withStatus(status), 2, cursor);
            page.items().forEach(job -> seen.add(job.facts().id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(newestFirst);
    }

    @Test
    void everyFilterCutsTheList() {
        UUID id = fixture.job()
                .type("t")
                .queue("q")
                .labels(new Labels(Map.of(), Map.of("tenant", "acme", "env", "prod"), "nightly"))
                .deadLettered()
                .facts()
                .id();
        Instant created = fixture.find(id).facts().createdAt();
        advance(HOUR);
        fixture.job()
                .labels(new Labels(Map.of(), Map.of("tenant", "other"), "daily"))
                .submitted();

        for (JobFilter matching : List.of(
                filter("t", null, Map.of(), null, null, null, null),
                filter(null, "q", Map.of(), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme"), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme", "env", "prod"), null, null, null, null),
                filter(null, null, Map.of(), "nightly", null, null, null),
                filter(null, null, Map.of(), null, "IT BRO", null, null),
                filter(null, null, Map.of(), null, null, null, created.plusSeconds(60)),
                filter("t", "q", Map.of("env", "prod"), "nightly", "broke", created, created.plusSeconds(60)))) {
            assertThat(jobs.list(matching, 10, null).items())
                    .as("%s", matching)
                    .extracting(job -> job.facts().id())
                    .containsExactly(id);
        }
        for (JobFilter other : List.of(
                filter("T", null, Map.of(), null, null, null, null),
                filter("t", "default", Map.of(), null, null, null, null),
                filter(null, null, Map.of("tenant", "acme", "env", "test"), null, null, null, null),
                filter(null, null, Map.of(), "night", null, null, null),
                filter(null, null, Map.of(), null, "it b%e", null, null),
                filter("t", null, Map.of(), null, null, created.plusSeconds(60), null),
                filter(null, null, Map.of(), null, null, null, created))) {
            assertThat(jobs.list(other, 10, null).items()).as("%s", other).isEmpty();
        }
        assertThat(jobs.list(filter(null, null, Map.of(), null, null, created, null), 10, null)
                        .items())
                .hasSize(2);
    }

    private static JobFilter filter(
            @Nullable String type,
            @Nullable String queue,
            Map<String, String> tags,
            @Nullable String origin,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until) {
        return new JobFilter(null, type, queue, tags, origin, text, since, until);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not a cursor", "%00", "💥"})
    void aCursorThatTheListNeverGaveIsRefused(String cursor) {
        fixture.job().submitted();

        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> jobs.list(JobFilter.ALL, 10, cursor))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }
}
