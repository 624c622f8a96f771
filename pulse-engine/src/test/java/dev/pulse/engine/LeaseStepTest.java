package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LeaseStepTest {
    private static final Duration RESTART = EngineConfig.RESTART_WITHIN;

    private final Replicas replicas = new Replicas();

    // ---- heartbeats ----

    @Test
    void theHeartbeatsOfAllSessionsAreOneStatement() {
        var server = replicas.server();
        List<WorkerSession> sessions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sessions.add(server.attach(new WorkerDouble()));
        }

        var beats =
                sessions.stream().map(session -> session.heartbeat(Set.of())).toList();
        server.roles.keeper.step();

        assertThat(beats).allSatisfy(beat -> assertThat(beat).isCompleted());
        assertThat(replicas.watched.count("heartbeat")).isEqualTo(1);
    }

    @Test
    void aHeartbeatBringsBackWhatIsToBeCanceled() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();
        replicas.memory.jobs().cancel(id, "somebody on another server");

        var beat = session.heartbeat(worker.tokens());
        server.roles.keeper.step();

        assertThat(beat.join().cancel()).extracting(request -> request.jobId()).containsExactly(id);
    }

    @Test
    void aHeartbeatSaysThatTheServerDrains() {
        var server = replicas.server();
        WorkerSession session = server.attach(new WorkerDouble());
        server.roles.lifecycle.advance(Lifecycle.Phase.DRAINING);

        var beat = session.heartbeat(Set.of());
        server.roles.keeper.step();

        assertThat(beat.join().drain()).isTrue();
    }

    @Test
    void aSignOfLifeRenewsTheLeaseAtMostTwiceAPeriod() {
        var server = replicas.server();
        WorkerSession session = server.attach(new WorkerDouble());
        for (int i = 0; i < 100; i++) {
            replicas.time.advance(Duration.ofMillis(100));
            var unused = session.report(List.of());
            server.roles.keeper.step();
        }

        assertThat(replicas.watched.count("heartbeat")).isBetween(3, 4);
    }

    @Test
    void aWorkerThatOnlyClaimsKeepsItsLease() {
        var server = replicas.server();
        WorkerSession session = server.roles.sessions.open(replicas.spec());

        server.live(Replicas.LEASE.multipliedBy(3), () -> {
            var unused = session.claim(1, Duration.ZERO);
        });

        assertThat(replicas.memory.sessions().find(session.id())).isPresent();
    }

    // ---- lapses ----

    @Test
    void aSilentWorkersJobRunsAgainWithinTenSecondsOfItsLease() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble dead = new WorkerDouble();
        server.attach(dead, 1);
        server.settle();
        WorkerDouble other = new WorkerDouble();
        WorkerSession otherSession = server.attach(other, 1);

        server.live(Replicas.LEASE.plus(RESTART), () -> beat(otherSession, other));

        assertThat(other.ids()).containsExactly(id);
        assertThat(replicas.outcomes(id).getFirst()).isEqualTo(OutcomeKind.LAPSE);
        assertThat(dead.ends).hasSize(1);
    }

    @Test
    void itDoesSoAlsoWhenTheLeaderDiesWithTheWorker() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        UUID id = replicas.stored();
        leader.attach(new WorkerDouble(), 1);
        leader.settle();
        WorkerDouble other = new WorkerDouble();
        WorkerSession otherSession = follower.attach(other, 1);

        // From here on nobody turns the leader's agents.
        follower.live(Replicas.LEASE.plus(RESTART), () -> beat(otherSession, other));

        assertThat(other.ids()).containsExactly(id);
    }

    @Test
    void theReportOfALapsedLeaseIsStale() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble zombie = new WorkerDouble();
        WorkerSession session = server.attach(zombie, 1);
        server.settle();
        server.live(Replicas.LEASE.plusSeconds(5), () -> {});
        assertThat(replicas.status(id)).isNotEqualTo(JobStatus.RUNNING);

        var answer = session.report(List.of(WorkerDouble.ack(zombie.jobs.getFirst())));
        server.settle();

        assertThat(answer.join().getFirst().answer()).isEqualTo(ReportAnswer.STALE);
        assertThat(refusal(session).code()).isEqualTo(ErrorCode.SESSION_ENDED);
    }

    @Test
    void aLapsedSessionLearnsOfItsEndFromItsHeartbeat() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker);
        replicas.memory.sessions().close(session.id());

        var beat = session.heartbeat(Set.of());
        server.roles.keeper.step();

        assertThat(SubmitStepTest.refusal(beat).code()).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(worker.ends).hasSize(1);
        assertThatThrownBy(() -> server.roles.sessions.takeUp(session.id(), mine -> true))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SESSION_ENDED));
    }

    @Test
    void onlyTheLeaderSweeps() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();

        follower.live(Duration.ofSeconds(3), leader::settle);

        assertThat(leader.roles.beacon.isLeader()).isTrue();
        assertThat(follower.roles.beacon.isLeader()).isFalse();
        assertThat(follower.stats().leases().lapsedSessions()).isZero();
    }

    @Test
    void whatASweepEndsIsFollowedUpAtOnce() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble dead = new WorkerDouble();
        WorkerSession session = server.attach(dead, 1);
        server.settle();
        for (int second = 0; second <= Replicas.LEASE.toSeconds(); second++) {
            replicas.time.advance(Duration.ofSeconds(1));
            server.roles.beacon.step();
        }

        server.roles.sweeper.step();

        assertThat(dead.ends).hasSize(1);
        assertThat(server.roles.registry.find(session.id())).isEmpty();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RETRYING);
        assertThat(server.roles.timer.untilDue())
                .isBetween(1L, Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aNewLeaderWaitsBeforeItsFirstSweep() {
        var server = replicas.server();
        server.settle();
        assertThat(server.roles.beacon.isLeader()).isTrue();
        server.roles.sweeper.step();
        assertThat(replicas.watched.count("sweep")).isZero();

        server.live(SweepConfig.DEFAULT.settle().plus(SweepConfig.DEFAULT.every()), () -> {});

        assertThat(replicas.watched.count("sweep")).isPositive();
    }

    @Test
    void aLeaderThatCannotBeatBelievesInItselfNoLongerThanItsTerm() {
        var server = replicas.server();
        server.settle();
        replicas.watched.down(Replicas.unavailable());

        replicas.time.advance(LeaseConfig.DEFAULT.leaderTtl());
        server.settleThroughTrouble();

        assertThat(server.roles.beacon.isLeader()).isFalse();
    }

    @Test
    void whenManyLapseAtOnceTheyAreEndedOneAtATime() {
        var server = replicas.server();
        server.settle();
        for (int i = 0; i < 10; i++) {
            server.attach(new WorkerDouble());
        }

        server.live(Replicas.LEASE.plusSeconds(3), () -> {});

        assertThat(server.stats().leases().brakes()).isPositive();
        assertThat(server.stats().leases().lapsedSessions()).isBetween(1L, 4L);
    }

    // ---- outages ----

    @Test
    void nobodyLapsesBecauseTheStoreWasAway() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        server.settle();

        replicas.watched.down(Replicas.unavailable());
        for (int second = 0; second < 120; second++) {
            replicas.time.advance(Duration.ofSeconds(1));
            server.settleThroughTrouble();
        }
        replicas.watched.heal();
        // The worst order: the sweeper comes back before the beacon.
        server.roles.sweeper.step();
        server.live(Duration.ofSeconds(20), () -> beat(session, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        assertThat(worker.jobs).hasSize(1);
    }

    @Test
    void aWorkerThatDiedInTheOutageIsFoundAfterIt() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        server.attach(new WorkerDouble(), 1);
        server.settle();
        replicas.watched.down(Replicas.unavailable());
        replicas.time.advance(Duration.ofMinutes(2));
        server.settleThroughTrouble();
        replicas.watched.heal();

        server.live(Replicas.LEASE.plus(RESTART), () -> {});

        assertThat(replicas.outcomes(id).getFirst()).isEqualTo(OutcomeKind.LAPSE);
    }

    @Test
    void aPauseOfTheServerIsAnOutageToo() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        server.settle();

        replicas.time.advance(Replicas.LEASE.multipliedBy(2));
        server.settle(); // before anybody could be heard
        server.live(Duration.ofSeconds(10), () -> beat(session, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aJumpOfTheStoresClockEndsNobody() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        server.live(Duration.ofSeconds(4), () -> {});

        replicas.time.jump(Duration.ofMinutes(10));
        replicas.time.advance(Duration.ofSeconds(1));
        server.settle(); // before anybody could be heard
        server.live(Duration.ofSeconds(10), () -> beat(session, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aSmallJumpThatTheLeaderSurvivesEndsNobodyEither() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        server.attach(new WorkerDouble(), 1);
        server.settle();
        server.live(Replicas.LEASE.minusSeconds(2), () -> {});

        replicas.time.jump(Duration.ofMillis(2_500));
        replicas.time.advance(Duration.ofSeconds(1));
        server.settle();

        assertThat(server.roles.beacon.isLeader()).isTrue();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void nobodyLapsesBecauseHeartbeatsAloneCouldNotBeWritten() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        server.settle();

        replicas.watched.failBefore("heartbeat", arguments -> Replicas.unavailable());
        for (int second = 0; second < 60; second++) {
            replicas.time.advance(Duration.ofSeconds(1));
            beat(session, worker);
            server.settleThroughTrouble();
        }
        replicas.watched.heal();
        server.live(Duration.ofSeconds(20), () -> beat(session, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        assertThat(worker.jobs).hasSize(1);
    }

    @Test
    void workersAreGivenALeaseAfterAllServersWereAway() {
        var first = replicas.server();
        first.settle();
        UUID id = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        SessionSpec spec = replicas.spec();
        first.attach(spec, worker).grant(1);
        first.settle();

        replicas.time.advance(Duration.ofMinutes(5));
        var restarted = replicas.server();
        restarted.live(Duration.ofSeconds(10), () -> {});
        WorkerSession back = restarted.roles.sessions.attach(spec, worker.tokens(), worker);
        restarted.live(Duration.ofSeconds(30), () -> beat(back, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        assertThat(worker.jobs).hasSize(1);
    }

    // ---- what never arrived (E4) ----

    @Test
    void whatTwoHeartbeatsDoNotNameIsHandedBackUncharged() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();

        replicas.time.advance(Replicas.PERIOD);
        server.heartbeat(session, List.of());
        server.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        replicas.time.advance(Replicas.PERIOD);
        server.heartbeat(session, List.of());
        server.settle();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.outcomes(id)).containsExactly(OutcomeKind.RELEASE);
    }

    @Test
    void whatIsNamedIsKept() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();

        server.live(Duration.ofMinutes(5), () -> beat(session, worker));

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void heartbeatsThatCrossADeliveryTakeNothingAway() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();

        for (int i = 0; i < 5; i++) {
            replicas.time.advance(Duration.ofMillis(10));
            server.heartbeat(session, List.of());
        }
        server.settle();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void whatTheWorkerHadNotReadWhenItSpokeIsNotMissing() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 2);
        Deliveries deliveries = new Deliveries();
        UUID read = replicas.stored();
        server.settle();
        assertThat(deliveries.number(worker.jobs)).isEqualTo(1);
        UUID unread = server.submitted(replicas.job());
        server.settle();
        assertThat(deliveries.number(worker.jobs.subList(1, 2))).isEqualTo(2);

        for (int i = 0; i < 4; i++) {
            replicas.time.advance(Replicas.PERIOD);
            var unused = session.heartbeat(deliveries.named(Set.of(), 1));
            server.settle();
        }
        assertThat(replicas.outcomes(read)).as("lost: read on, and not named").containsExactly(OutcomeKind.RELEASE);
        assertThat(replicas.status(unread)).isEqualTo(JobStatus.RUNNING);

        for (int i = 0; i < 2; i++) {
            replicas.time.advance(Replicas.PERIOD);
            var unused = session.heartbeat(deliveries.named(Set.of(), 2));
            server.settle();
        }
        assertThat(replicas.outcomes(unread)).containsExactly(OutcomeKind.RELEASE);
    }

    @Test
    void aConnectionForgetsWhatEndedAndExpectsWhatItsWorkerBrought() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 1);
        replicas.stored();
        server.settle();
        Deliveries deliveries = new Deliveries();

        deliveries.taken(worker.tokens());
        assertThat(deliveries.isEmpty()).isFalse();
        deliveries.number(List.of());
        assertThat(deliveries.named(Set.of(), 0))
                .as("the worker knows what it brought")
                .isEmpty();
        deliveries.ended(worker.jobs.getFirst().token());
        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void aDeliveryThatTakesLongIsNotALostOne() {
        var server = replicas.server();
        WorkerSession[] session = new WorkerSession[1];
        WorkerDouble slow = new WorkerDouble() {
            @Override
            public synchronized void assigned(List<Assignment> some) {
                for (int i = 0; i < 3; i++) {
                    replicas.time.advance(Replicas.PERIOD);
                    server.heartbeat(session[0], List.of());
                }
                super.assigned(some);
            }
        };
        session[0] = server.attach(slow, 1);
        UUID id = replicas.stored();
        server.settle();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        replicas.time.advance(Replicas.PERIOD);
        server.heartbeat(session[0], List.of());
        server.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        replicas.time.advance(Replicas.PERIOD);
        server.heartbeat(session[0], List.of());
        server.settle();
        assertThat(replicas.outcomes(id)).containsExactly(OutcomeKind.RELEASE);
    }

    @Test
    void aReportThatWaitsForTheStoreIsNotMissing() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();

        var answer = session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        for (int i = 0; i < 3; i++) {
            replicas.time.advance(Replicas.PERIOD);
            server.heartbeat(session, List.of());
        }
        server.settle();

        assertThat(answer.join().getFirst().answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(replicas.status(id)).isEqualTo(JobStatus.COMPLETED);
        assertThat(server.stats().claims().handedBack()).isZero();
    }

    @Test
    void whatWasDeliveredToADeadConnectionComesBackAfterTheReconnect() {
        var server = replicas.server();
        SessionSpec spec = replicas.spec();
        server.attach(spec, new WorkerDouble()).grant(1);
        UUID id = replicas.stored();
        server.settle();

        WorkerDouble back = new WorkerDouble();
        WorkerSession session = server.roles.sessions.attach(spec, Set.of(), back);
        session.grant(1);
        server.live(Duration.ofSeconds(12), () -> beat(session, back));

        assertThat(back.ids()).containsExactly(id);
    }

    @Test
    void anotherServerLearnsWhatAReconnectingWorkerHolds() {
        var one = replicas.server();
        var two = replicas.server();
        SessionSpec spec = replicas.spec();
        WorkerDouble worker = new WorkerDouble();
        one.attach(spec, worker).grant(2);
        UUID kept = replicas.stored();
        UUID lost = replicas.stored();
        one.settle();
        Assignment held = worker.jobs.getFirst();
        replicas.time.advance(Duration.ofSeconds(6));

        WorkerDouble back = new WorkerDouble();
        two.roles.sessions.attach(spec, Set.of(held.token()), back);
        two.settle();

        assertThat(held.facts().id()).isEqualTo(kept);
        assertThat(replicas.status(kept)).isEqualTo(JobStatus.RUNNING);
        assertThat(replicas.status(lost)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.outcomes(lost)).containsExactly(OutcomeKind.RELEASE);
    }

    /** Its worker gave up what it ran when the lease was over, and came back before anybody swept. */
    @Test
    void whatALapsedSessionHeldIsHandedBackWhenItsWorkerComesBackToAnotherServer() {
        var one = replicas.server();
        var two = replicas.server();
        SessionSpec spec = replicas.spec();
        one.attach(spec, new WorkerDouble()).grant(1);
        UUID id = replicas.stored();
        one.settle();
        replicas.time.advance(spec.leaseTtl().plusSeconds(1));

        two.roles.sessions.attach(spec, Set.of(), new WorkerDouble());
        two.settle();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.outcomes(id)).containsExactly(OutcomeKind.RELEASE);
    }

    @Test
    void aYoungGrantOfAnotherServerIsLeftToTheNextHeartbeats() {
        var one = replicas.server();
        var two = replicas.server();
        SessionSpec spec = replicas.spec();
        one.attach(spec, new WorkerDouble()).grant(1);
        UUID id = replicas.stored();
        one.settle();
        replicas.time.advance(Duration.ofSeconds(1));

        WorkerSession back = two.roles.sessions.attach(spec, Set.of(), new WorkerDouble());
        two.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);

        replicas.time.advance(Replicas.PERIOD);
        two.heartbeat(back, List.of());
        two.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    private void beat(WorkerSession session, WorkerDouble worker) {
        var unused = session.heartbeat(worker.tokens());
    }

    private static PulseException refusal(WorkerSession session) {
        return SubmitStepTest.refusal(session.heartbeat(Set.of()));
    }
}
