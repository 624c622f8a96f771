package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class SessionStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void aDetachedSessionIsGrantedNothingAndMayComeBack() {
        var server = replicas.server();
        SessionSpec spec = replicas.spec();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(spec, worker);
        session.grant(5);
        session.detach();
        UUID id = replicas.stored();
        server.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);

        WorkerDouble back = new WorkerDouble();
        server.attach(spec, back).grant(1);
        server.settle();

        assertThat(back.ids()).containsExactly(id);
        assertThat(worker.jobs).isEmpty();
    }

    @Test
    void aReplacedConnectionIsToldAndCannotHarmItsSuccessor() {
        var server = replicas.server();
        SessionSpec spec = replicas.spec();
        WorkerDouble old = new WorkerDouble();
        WorkerSession oldSession = server.attach(spec, old);
        WorkerDouble successor = new WorkerDouble();
        server.attach(spec, successor).grant(1);

        oldSession.grant(100);
        oldSession.detach();
        replicas.stored();
        replicas.stored();
        server.settle();

        assertThat(old.ends).hasSize(1);
        assertThat(old.jobs).isEmpty();
        assertThat(successor.jobs).hasSize(1);
    }

    @Test
    void closingHandsBackAllThatIsHeldAndEndsTheSession() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 2);
        UUID one = replicas.stored();
        UUID two = replicas.stored();
        server.settle();

        var closed = session.close();
        server.roles.reconciler.step();
        assertThat(replicas.memory.sessions().find(session.id()))
                .as("the session outlives what it holds")
                .isPresent();
        server.settle();

        assertThat(closed).isCompleted();
        assertThat(List.of(replicas.status(one), replicas.status(two))).containsOnly(JobStatus.PENDING);
        assertThat(replicas.outcomes(one)).containsExactly(OutcomeKind.RELEASE);
        assertThat(replicas.memory.sessions().find(session.id())).isEmpty();
        assertThat(server.roles.registry.size()).isZero();
    }

    @Test
    void aReportBeforeTheCloseCounts() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();

        var answer = session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        var closed = session.close();
        server.roles.reconciler.step();
        server.settle();

        assertThat(answer).isCompleted();
        assertThat(closed).isCompleted();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aClosingSurvivesTroubleOfTheStore() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        server.settle();
        replicas.watched.down(Replicas.unavailable());
        var closed = session.close();
        server.settleThroughTrouble();
        assertThat(closed).isNotDone();

        replicas.watched.heal();
        server.settle();

        assertThat(closed).isCompleted();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void anUnaryWorkerMayTalkToAnyServer() {
        var one = replicas.server();
        var two = replicas.server();
        SessionSpec spec = replicas.spec();
        one.roles.sessions.open(spec);
        UUID id = replicas.stored();

        var poll = two.roles.sessions.takeUp(spec.id(), mine -> true).claim(1, Duration.ZERO);
        two.settle();
        var answer = one.roles
                .sessions
                .takeUp(spec.id(), mine -> true)
                .report(List.of(WorkerDouble.ack(poll.join().getFirst())));
        one.settle();

        assertThat(answer).isCompleted();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aSessionThatNeverWasIsNotFound() {
        var server = replicas.server();

        assertThatThrownBy(() -> server.roles.sessions.takeUp(UUID.randomUUID(), mine -> true))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND));
    }

    @Test
    void anEndedSessionIsNeverRevived() {
        var server = replicas.server();
        SessionSpec spec = replicas.spec();
        server.attach(spec, new WorkerDouble());
        replicas.memory.sessions().close(spec.id());

        assertThatThrownBy(() -> server.attach(spec, new WorkerDouble()))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SESSION_ENDED));
    }

    @Test
    void aSessionThatWentToAnotherServerIsForgottenWithoutHarm() {
        var one = replicas.server();
        var two = replicas.server();
        SessionSpec spec = replicas.spec();
        one.attach(spec, new WorkerDouble()).detach();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = two.roles.sessions.attach(spec, Set.of(), worker);

        two.live(Replicas.LEASE.plusSeconds(5), () -> {
            var unused = session.heartbeat(worker.tokens());
            one.settle();
        });

        assertThat(one.roles.registry.size()).isZero();
        assertThat(two.roles.registry.size()).isEqualTo(1);
        assertThat(worker.ends).isEmpty();
    }

    @Test
    void whatIsAskedForIsBounded() {
        var server = replicas.server();
        WorkerSession session = server.attach(new WorkerDouble());

        assertInvalid("credits", () -> session.grant(0));
        assertInvalid("max", () -> session.claim(0, Duration.ZERO));
        assertInvalid("wait", () -> session.claim(1, Duration.ofSeconds(31)));
        assertInvalid("wait", () -> session.claim(1, Duration.ofSeconds(-1)));
        for (int i = 0; i < SessionConfig.DEFAULT.pollsMax(); i++) {
            var unused = session.claim(1, Duration.ofSeconds(30));
        }
        assertThatThrownBy(() -> session.claim(1, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
    }

    @Test
    void aWorkerCannotReportALapse() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        replicas.stored();
        server.settle();

        assertInvalid(
                "reports[0].outcome",
                () -> session.report(List.of(WorkerDouble.report(worker.jobs.getFirst(), new Outcome.Lapse()))));
    }

    private static void assertInvalid(String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
