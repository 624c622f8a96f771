package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a waiting job comes back: promotion, and the lane of those that lose their workers. */
public abstract class PromoteContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

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
}
