package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WaitRoomStepTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Replicas replicas = new Replicas();
    private final Replicas.Server server = replicas.server();
    private final WorkerDouble worker = new WorkerDouble();
    private final WorkerSession session = server.attach(worker, 1);

    @Test
    void aReportEndsTheWait() {
        UUID id = replicas.stored();
        server.settle();
        var wait = server.roles.waitRoom.await(id, LONG);
        server.settle();
        assertThat(wait).isNotDone();

        var unused = session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        server.report();
        server.roles.waitRoom.step();

        assertThat(wait.join().orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void anEndElsewhereIsFoundByAsking() {
        UUID id = replicas.stored(replicas.job(builder -> builder.type("other")));
        var wait = server.roles.waitRoom.await(id, LONG);
        server.roles.waitRoom.step();
        replicas.memory.jobs().cancel(id, "another server");

        replicas.time.advance(WaitConfig.DEFAULT.every());
        server.roles.waitRoom.step();

        assertThat(wait.join().orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void anUnknownJobIsAnsweredAtOnce() {
        var wait = server.roles.waitRoom.await(new UUID(1, 1), LONG);

        server.roles.waitRoom.step();

        assertThat(wait).isCompletedWithValue(Optional.empty());
    }

    @Test
    void whenTheTimeIsOverTheJobIsShownAsItStands() {
        UUID id = replicas.stored(replicas.job(builder -> builder.type("other")));
        var wait = server.roles.waitRoom.await(id, Duration.ofSeconds(3));
        server.roles.waitRoom.step();

        replicas.time.advance(Duration.ofSeconds(3));
        server.roles.waitRoom.step();

        assertThat(wait.join().orElseThrow().status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void allWhoWaitShareOneQuestion() {
        for (int i = 0; i < 50; i++) {
            var unused =
                    server.roles.waitRoom.await(replicas.stored(replicas.job(builder -> builder.type("other"))), LONG);
        }

        server.roles.waitRoom.step();

        assertThat(replicas.watched.count("finished")).isEqualTo(1);
    }

    @Test
    void nobodyWaitsLongerBecauseTheStoreIsAway() {
        UUID id = replicas.stored(replicas.job(builder -> builder.type("other")));
        var wait = server.roles.waitRoom.await(id, Duration.ofSeconds(3));
        replicas.watched.down(Replicas.unavailable());
        replicas.time.advance(Duration.ofSeconds(3));

        server.settleThroughTrouble();

        assertThat(SubmitStepTest.refusal(wait).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void thoseWhoWaitAreBounded() {
        WaitRoom<Job> room = new WaitRoom<>(
                WaitRoom.Subject.jobs(replicas.memory.jobs()),
                new WaitConfig(2, Duration.ofMillis(200), 100, LONG),
                replicas.time,
                new Wake(replicas.time));
        assertThat(room.await(new UUID(1, 1), LONG)).isNotDone();
        assertThat(room.await(new UUID(1, 2), LONG)).isNotDone();

        assertThat(SubmitStepTest.refusal(room.await(new UUID(1, 3), LONG)).code())
                .isEqualTo(ErrorCode.LIMIT_REACHED);
    }
}
