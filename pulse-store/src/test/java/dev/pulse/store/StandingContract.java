package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Caller;
import dev.pulse.model.Explanation;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.Outcome;
import dev.pulse.model.Scope;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Standing;
import dev.pulse.model.WaitReason;
import dev.pulse.model.WaitReason.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What keeps jobs waiting, right after each change. */
public abstract class StandingContract extends StoreContract {
    private static final Caller ADA = Caller.internal("ada");
    private static final Caller BOB = Caller.internal("bob");
    private static final Scope MAIL = Scope.queue("mail");

    @Test
    void whatDoesNotWaitHasNoStanding() {
        assertThat(jobs.standing(fixture.newId())).isEmpty();
        assertThat(jobs.standing(fixture.job().running().facts().id())).isEmpty();
        assertThat(jobs.standing(fixture.job().completed().facts().id())).isEmpty();
        assertThat(jobs.standing(fixture.job().deadLettered().facts().id())).isEmpty();
        assertThat(jobs.standing(fixture.job().canceled().facts().id())).isEmpty();
    }

    @Test
    void aScheduledJobKnowsItsMomentAndARetryingOneItsAttempt() {
        Standing scheduled = standing(fixture.job().scheduled());
        assertThat(scheduled.status()).isEqualTo(JobStatus.SCHEDULED);
        assertThat(scheduled.runAt()).isAfter(scheduled.now());

        UUID retrying = fixture.job().retrying().facts().id();
        assertThat(standing(retrying).status()).isEqualTo(JobStatus.RETRYING);
        assertThat(standing(retrying).attempt()).isEqualTo(1);
        assertThat(codes(retrying)).containsExactly(Code.BACKOFF);
    }

    @Test
    void itsPlaceCountsTheReadyJobsOfItsLaneThatGoFirst() {
        UUID first = fixture.job().type("t").submitted();
        fixture.job().type("t").priority(5).submitted();
        fixture.job().type("other").submitted();
        UUID second = fixture.job().type("t").submitted();
        UUID third = fixture.job().type("t").submitted();
        assertThat(List.of(before(first), before(second), before(third))).containsExactly(0L, 1L, 2L);

        jobs.cancel(second, ADA);
        assertThat(before(third)).isEqualTo(1);
        fixture.claim(fixture.session(), 2, "t"); // the urgent one and the first
        assertThat(before(third)).isZero();
    }

    @Test
    void aPromotedJobStandsAtTheEnd() {
        UUID late = fixture.job().type("t").after(Duration.ofHours(1)).submitted();
        fixture.job().type("t").submitted();
        fixture.promoteAll();

        assertThat(before(late)).isEqualTo(1);
    }

    @Test
    void pausesAreToldAtOnceAndGoneAtOnce() {
        UUID id = fixture.job().queue("mail").type("t").submitted();
        switches.pause(Scope.DISPATCH, "deploy", ADA);
        switches.pause(MAIL, null, BOB);
        switches.pause(Scope.type("t"), null, BOB);
        switches.pause(Scope.queue("other"), null, BOB);
        assertThat(codes(id)).contains(Code.DISPATCH_PAUSED, Code.QUEUE_PAUSED, Code.TYPE_PAUSED);

        switches.resume(MAIL, ADA);
        assertThat(codes(id)).contains(Code.DISPATCH_PAUSED, Code.TYPE_PAUSED).doesNotContain(Code.QUEUE_PAUSED);
    }

    @Test
    void aLimitThatIsReachedIsToldUntilSomethingEnds() {
        fixture.job().queue("mail").type("t").submitted();
        UUID id = fixture.job().queue("mail").type("t").submitted();
        switches.limit(MAIL, LimitChange.none().maxRunning(1), ADA);
        assertThat(codes(id)).doesNotContain(Code.QUEUE_LIMIT);
        Assignment running = claimLimited("t");
        assertThat(codes(id)).contains(Code.QUEUE_LIMIT);

        fixture.end(running, new Outcome.Ack(null));
        assertThat(codes(id)).doesNotContain(Code.QUEUE_LIMIT);
    }

    @Test
    void aSpentRateIsToldUntilItsNextToken() {
        fixture.job().queue("mail").type("t").submitted();
        UUID id = fixture.job().queue("mail").type("t").submitted();
        switches.limit(MAIL, LimitChange.none().rate(1.0 / 600), ADA);
        assertThat(codes(id)).doesNotContain(Code.QUEUE_RATE);
        claimLimited("t");
        assertThat(codes(id)).contains(Code.QUEUE_RATE);

        advance(Duration.ofMinutes(11));
        assertThat(codes(id)).doesNotContain(Code.QUEUE_RATE);
    }

    @Test
    void workersAreCountedByTypeAndQueueAndFreeSlots() {
        UUID id = fixture.job().queue("mail").type("t").submitted();
        assertThat(standing(id).workers()).isEqualTo(new Standing.Workers(0, 0, 0, 0));
        assertThat(codes(id)).contains(Code.NO_WORKER);

        open(Set.of("t", "u"), Set.of("other"), 5);
        assertThat(standing(id).workers()).isEqualTo(new Standing.Workers(1, 0, 0, 0));
        assertThat(codes(id)).contains(Code.NO_WORKER_FOR_QUEUE);

        UUID worker = open(Set.of("t", "u"), Set.of(), 2);
        assertThat(standing(id).workers()).isEqualTo(new Standing.Workers(2, 1, 2, 0));
        fixture.job().type("u").running(worker);
        List<Assignment> held = new ArrayList<>();
        held.add(fixture.job().type("u").running(worker));
        assertThat(standing(id).workers()).isEqualTo(new Standing.Workers(2, 1, 2, 2));
        assertThat(codes(id)).contains(Code.NO_FREE_SLOT);

        fixture.end(held.getFirst(), new Outcome.Ack(null));
        assertThat(standing(id).workers().busy()).isEqualTo(1);
        sessions.close(worker);
        assertThat(standing(id).workers().sessions()).isZero();
    }

    @Test
    void aLapsedWorkerServesNobody() {
        UUID id = fixture.job().type("t").submitted();
        open(Set.of("t"), Set.of(), 2);
        advance(JobFixture.LEASE.plusMinutes(5));

        assertThat(codes(id)).contains(Code.NO_WORKER);
    }

    @Test
    void aJobThatLostItsWorkerTwiceIsSuspect() {
        UUID id = fixture.job().type("t").submitted();
        fixture.crash("t");
        fixture.promoteAll();
        assertThat(codes(id)).doesNotContain(Code.SUSPECT);
        fixture.crash("t");
        fixture.promoteAll();

        assertThat(codes(id)).contains(Code.SUSPECT);
    }

    private UUID open(Set<String> types, Set<String> queues, int slots) {
        UUID id = fixture.newId();
        sessions.open(new SessionSpec(id, "w", types, queues, slots, JobFixture.LEASE));
        return id;
    }

    private Assignment claimLimited(String type) {
        List<Claim.LaneStart> lanes = fixture.lanes(type);
        return jobs.claimLimited(new LimitedClaim(
                        new Claim(lanes, List.of(fixture.session())),
                        Map.of(lanes.getFirst().lane(), Set.of(MAIL))))
                .granted()
                .getFirst();
    }

    private Standing standing(UUID id) {
        return jobs.standing(id).orElseThrow();
    }

    private long before(UUID id) {
        return standing(id).line().before();
    }

    private List<Code> codes(UUID id) {
        return Explanation.of(standing(id)).stream().map(WaitReason::code).toList();
    }
}
