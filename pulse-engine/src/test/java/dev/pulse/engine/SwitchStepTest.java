package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.Caller;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Scope;
import dev.pulse.store.SwitchStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Pauses and limits as the claimers of several servers keep them. */
final class SwitchStepTest {
    private static final Caller ADA = Caller.internal("ada");
    private static final Scope EMAIL = Scope.type(Replicas.TYPE);

    private final Replicas replicas = new Replicas();
    private final SwitchStore switches = replicas.memory.switches();
    private final WorkerDouble worker = new WorkerDouble();

    // ---- pause ----

    @Test
    void nothingIsClaimedBeforeTheSwitchesWereReadOnce() {
        var server = replicas.server();
        UUID id = replicas.stored();
        server.attach(worker, 1);
        replicas.watched.failBefore("read", arguments -> Replicas.unavailable());

        assertThatThrownBy(server::claim).hasMessageContaining("away");
        assertThat(replicas.watched.count("claim")).isZero();

        replicas.watched.heal();
        server.claim();
        assertThat(worker.ids()).containsExactly(id);
    }

    @Test
    void whileTheSwitchesCannotBeReadTheLastKnownOnesHold() {
        var server = replicas.server();
        switches.pause(Scope.queue("held"), null, ADA);
        server.attach(worker, 5);
        server.settle();
        replicas.watched.failBefore("read", arguments -> Replicas.unavailable());
        replicas.time.advance(Duration.ofSeconds(5));

        UUID id = replicas.stored();
        replicas.stored(replicas.job(builder -> builder.queue("held")));
        server.settle();

        assertThat(worker.ids()).containsExactly(id);
        assertThat(replicas.watched.count("read")).isEqualTo(2);
    }

    @Test
    void aServerThatHasNotHeardOfAPauseIsGrantedNothing() {
        var server = replicas.server();
        replicas.stored();
        server.attach(worker, 5);
        server.settle();
        int before = replicas.watched.count("claim");

        switches.pause(Scope.DISPATCH, "deploy", ADA);
        UUID id = replicas.stored();
        replicas.time.advance(Duration.ofMillis(900)); // the poll, not yet the next look at the switches
        server.settle();

        assertThat(replicas.watched.count("claim")).isGreaterThan(before);
        assertThat(replicas.watched.count("read")).isEqualTo(1);
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void whereEverythingIsPausedNoClaimIsSent() {
        var server = replicas.server();
        switches.pause(Scope.DISPATCH, null, ADA);
        server.attach(worker, 5);
        replicas.stored();
        server.settle();

        assertThat(replicas.watched.count("claim")).isZero();
    }

    @Test
    void aHintMakesTheOthersLookAtOnce() {
        var here = replicas.server();
        var there = replicas.server();
        switches.pause(Scope.DISPATCH, null, ADA);
        UUID id = replicas.stored();
        there.attach(worker, 5);
        there.settle();

        switches.resume(Scope.DISPATCH, ADA);
        here.roles.signals.switched();
        there.settle();

        assertThat(worker.ids()).containsExactly(id);
    }

    @Test
    void withoutAHintAResumeIsSeenWithinASecond() {
        var server = replicas.server();
        switches.pause(Scope.DISPATCH, null, ADA);
        UUID id = replicas.stored();
        server.attach(worker, 5);
        server.settle();

        switches.resume(Scope.DISPATCH, ADA);
        replicas.time.advance(Duration.ofSeconds(1));
        server.settle();

        assertThat(worker.ids()).containsExactly(id);
    }

    @Test
    void theClaimerWakesInTimeToLookAtTheSwitches() {
        var server = replicas.server();
        server.attach(worker, 5);
        server.settle();
        replicas.time.advance(Duration.ofMillis(990));
        server.claim();

        assertThat(server.roles.claimer.patience(0))
                .isLessThanOrEqualTo(Duration.ofMillis(10).toNanos());
    }

    @Test
    void aPausedQueueHoldsItsJobsAndNoOthers() {
        var server = replicas.server();
        switches.pause(Scope.queue("held"), null, ADA);
        UUID held = replicas.stored(replicas.job(builder -> builder.queue("held")));
        UUID free = replicas.stored();
        server.attach(worker, 5);
        server.settle();
        assertThat(worker.ids()).containsExactly(free);

        switches.resume(Scope.queue("held"), ADA);
        server.roles.signals.switched();
        server.settle();
        assertThat(worker.ids()).containsExactly(free, held);
    }

    @Test
    void aTypeMayBePausedBeforeItsFirstJob() {
        var server = replicas.server();
        switches.pause(EMAIL, null, ADA);
        server.attach(worker, 5);
        server.settle();
        server.submitted(replicas.job());
        server.settle();
        replicas.time.advance(Duration.ofSeconds(3));
        server.settle();

        assertThat(worker.jobs).isEmpty();
    }

    @Test
    void whileEverythingIsPausedSubmitsLandAndRunningJobsFinish() {
        var server = replicas.server();
        UUID first = replicas.stored();
        WorkerSession session = server.attach(worker, 1);
        server.settle();
        switches.pause(Scope.DISPATCH, null, ADA);
        server.roles.signals.switched();

        UUID second = server.submitted(replicas.job());
        var answers = session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        session.grant(1);
        server.settle();

        assertThat(answers).isCompleted();
        assertThat(replicas.status(first)).isEqualTo(JobStatus.COMPLETED);
        assertThat(replicas.status(second)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aResumeDrainsInTheOrderOfThePriorities() {
        var server = replicas.server();
        switches.pause(Scope.DISPATCH, null, ADA);
        UUID low = replicas.stored(replicas.job(builder -> builder.priority(-1)));
        UUID first = replicas.stored();
        UUID high = replicas.stored(replicas.job(builder -> builder.priority(7)));
        UUID second = replicas.stored();
        WorkerSession session = server.attach(worker, 1);
        server.settle();

        switches.resume(Scope.DISPATCH, ADA);
        server.roles.signals.switched();
        for (int i = 0; i < 4; i++) {
            server.settle();
            session.grant(1);
        }

        assertThat(worker.ids()).containsExactly(high, first, second, low);
    }

    @Test
    void aClaimThatTookLongBringsNothingThatWasPausedMeanwhile() {
        var server = replicas.server();
        UUID id = replicas.stored();
        UUID other = replicas.stored(replicas.job(builder -> builder.queue("other")));
        server.attach(worker, 5);
        replicas.watched.failAfter("claim", arguments -> {
            switches.pause(Scope.queue("default"), null, ADA);
            replicas.time.advance(Duration.ofMillis(600));
            return null;
        });
        server.claim();
        replicas.watched.heal();
        server.settle();

        assertThat(worker.ids()).containsExactly(other);
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.outcomes(id)).containsExactly(OutcomeKind.RELEASE);
    }

    // ---- limits ----

    @Test
    void aLimitHoldsOverAllServers() {
        var one = replicas.server();
        var two = replicas.server();
        for (int i = 0; i < 20; i++) {
            replicas.stored();
        }
        switches.limit(EMAIL, LimitChange.none().maxRunning(3), ADA);
        WorkerDouble left = new WorkerDouble();
        WorkerDouble right = new WorkerDouble();
        WorkerSession session = one.attach(left, 10);
        two.attach(right, 10);
        one.settle();
        two.settle();
        assertThat(left.jobs.size() + right.jobs.size()).isEqualTo(3);

        var unused = session.report(List.of(WorkerDouble.ack(left.jobs.getFirst())));
        one.settle();
        two.settle();
        assertThat(left.jobs.size() + right.jobs.size()).isEqualTo(4);
    }

    @Test
    void roomThatAnotherServerMadeIsFoundByThePoll() {
        var one = replicas.server();
        var two = replicas.server();
        replicas.stored();
        replicas.stored();
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);
        WorkerDouble left = new WorkerDouble();
        WorkerSession session = one.attach(left, 1);
        two.attach(worker, 1);
        one.settle();
        two.settle();
        assertThat(worker.jobs).isEmpty();

        var unused = session.report(List.of(WorkerDouble.ack(left.jobs.getFirst())));
        one.report();
        replicas.time.advance(Duration.ofMillis(500));
        two.settle();
        assertThat(worker.jobs).hasSize(1);
    }

    @Test
    void lanesWithoutLimitsAreClaimedAsEver() {
        var server = replicas.server();
        switches.limit(Scope.type("other"), LimitChange.none().maxRunning(1), ADA);
        replicas.stored(replicas.job(builder -> builder.type("other")));
        UUID id = replicas.stored();
        server.attach(worker, 5);
        server.settle();

        assertThat(worker.ids()).containsExactly(id);
        assertThat(replicas.watched.count("claimLimited")).isZero();
    }

    @Test
    void aLimitThatIsReachedCostsNothingMoreUntilSomethingEnds() {
        var server = replicas.server();
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);
        replicas.stored();
        server.attach(replicas.spec(Replicas.TYPE, "other"), worker).grant(50);
        server.settle();
        int before = replicas.watched.count("claimLimited");

        for (int i = 0; i < 5; i++) {
            server.submitted(replicas.job());
            server.submitted(replicas.job(builder -> builder.type("other")));
            server.settle();
        }

        assertThat(replicas.watched.count("claimLimited")).isEqualTo(before);
        assertThat(worker.jobs.stream().filter(job -> job.facts().type().equals("other")))
                .hasSize(5);
    }

    @Test
    void aLimitWithoutWorkCostsNothingUntilThereIsSome() {
        var server = replicas.server();
        switches.limit(EMAIL, LimitChange.none().maxRunning(10), ADA);
        UUID first = server.submitted(replicas.job());
        server.attach(replicas.spec(Replicas.TYPE, "other"), worker).grant(50);
        server.settle();
        server.submitted(replicas.job(builder -> builder.type("other")));
        server.settle(); // looks at the limited lane, and finds it empty
        int before = replicas.watched.count("claimLimited");
        for (int i = 0; i < 5; i++) {
            server.submitted(replicas.job(builder -> builder.type("other")));
            server.settle();
        }
        assertThat(replicas.watched.count("claimLimited")).isEqualTo(before);

        UUID second = server.submitted(replicas.job());
        server.settle();
        assertThat(worker.ids()).contains(first, second);
    }

    @Test
    void anEndMakesRoomAtOnce() {
        var server = replicas.server();
        switches.limit(Scope.queue("default"), LimitChange.none().maxRunning(1), ADA);
        for (int i = 0; i < 5; i++) {
            replicas.stored();
        }
        WorkerSession session = server.attach(worker, 5);
        server.settle();

        for (int n = 1; n <= 4; n++) {
            assertThat(worker.jobs).hasSize(n);
            var unused = session.report(List.of(WorkerDouble.ack(worker.jobs.getLast())));
            server.settle();
        }
        assertThat(worker.jobs).hasSize(5);
    }

    @Test
    void aRateIsKeptOverAllServersAndNearlyUsed() {
        var one = replicas.server();
        var two = replicas.server();
        for (int i = 0; i < 200; i++) {
            replicas.stored();
        }
        switches.limit(EMAIL, LimitChange.none().rate(4.0), ADA);
        WorkerDouble other = new WorkerDouble();
        one.attach(worker, 100);
        two.attach(other, 100);

        for (int step = 0; step < 1_000; step++) {
            one.claim();
            two.claim();
            replicas.time.advance(Duration.ofMillis(10));
        }

        assertThat(worker.jobs.size() + other.jobs.size()).isBetween(38, 41);
    }

    @Test
    void theClaimerWakesWhenTheNextTokenIsThere() {
        var server = replicas.server();
        switches.limit(EMAIL, LimitChange.none().rate(4.0), ADA);
        replicas.stored();
        replicas.stored();
        server.attach(worker, 5);
        server.claim();
        assertThat(worker.jobs).hasSize(1);

        long patience = server.roles.claimer.patience(0);
        assertThat(patience).isLessThanOrEqualTo(Duration.ofMillis(250).toNanos());
        replicas.time.advance(Duration.ofMillis(250));
        server.claim();
        assertThat(worker.jobs).hasSize(2);
    }

    @Test
    void aLimitThatIsTakenAwayHoldsNobodyBack() {
        var server = replicas.server();
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);
        for (int i = 0; i < 5; i++) {
            replicas.stored();
        }
        server.attach(worker, 10);
        server.settle();
        switches.limit(EMAIL, LimitChange.none().maxRunning(null), ADA);
        server.roles.signals.switched();
        server.settle();

        assertThat(worker.jobs).hasSize(5);
    }

    @Test
    void theOrderHoldsBetweenLimitedLanesAndOthers() {
        var server = replicas.server();
        List<UUID> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String type = i % 2 == 0 ? Replicas.TYPE : "other";
            expected.add(replicas.stored(replicas.job(builder -> builder.type(type))));
        }
        switches.limit(EMAIL, LimitChange.none().maxRunning(10), ADA);
        server.attach(replicas.spec(Replicas.TYPE, "other"), worker).grant(6);
        server.settle();

        assertThat(worker.jobs.stream().map(Assignment::facts).map(facts -> facts.id()))
                .containsExactlyElementsOf(expected);
    }
}
