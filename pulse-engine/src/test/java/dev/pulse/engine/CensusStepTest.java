package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted for metrics and health, how often, and by whom. */
final class CensusStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void whatNobodyAsksForIsNotCounted() {
        var server = replicas.server();
        server.settle();

        server.roles.census.step();

        assertThat(replicas.watched.count("counts")).isZero();
    }

    @Test
    void theLeaderCountsForWhoeverAsks() {
        var server = replicas.server();
        server.settle();
        replicas.stored();
        assertThat(server.roles.census.latest()).isNull();

        server.roles.census.step();

        assertThat(server.roles.census.latest())
                .satisfies(census -> assertThat(census.counts().total()).containsEntry(JobStatus.PENDING, 1L));
    }

    @Test
    void aFollowerLeavesItToTheLeader() {
        replicas.server().settle();
        var follower = replicas.server();
        follower.settle();
        follower.roles.census.latest();

        follower.roles.census.step();

        assertThat(replicas.watched.count("counts")).isZero();
        assertThat(follower.roles.census.count().counts().total()).isEmpty();
    }

    @Test
    void manyWhoAskCostOneCount() {
        var server = replicas.server();
        server.settle();
        for (int i = 0; i < 10; i++) {
            server.roles.census.latest();
            server.roles.census.count();
            server.roles.census.step();
        }

        assertThat(replicas.watched.count("counts")).isEqualTo(1);
    }

    @Test
    void aCountIsMadeAnewWhenItIsOld() {
        var server = replicas.server();
        server.settle();
        server.roles.census.count();
        replicas.time.advance(CensusTaker.EVERY);
        server.roles.census.count();

        assertThat(replicas.watched.count("counts")).isEqualTo(2);
    }

    @Test
    void aDearCountIsMadeRarely() {
        var server = replicas.server();
        server.settle();
        replicas.watched.failBefore("counts", arguments -> {
            replicas.time.advance(Duration.ofSeconds(1));
            return null;
        });
        server.roles.census.count();

        replicas.time.advance(Duration.ofSeconds(49));
        server.roles.census.count();
        assertThat(replicas.watched.count("counts")).isEqualTo(1);
        replicas.time.advance(Duration.ofSeconds(1));
        server.roles.census.count();
        assertThat(replicas.watched.count("counts")).isEqualTo(2);
    }

    @Test
    void anOldCountTellsNothing() {
        var server = replicas.server();
        server.settle();
        server.roles.census.count();
        replicas.watched.failBefore("counts", arguments -> Replicas.unavailable());

        replicas.time.advance(CensusTaker.STALE.minusSeconds(1));
        assertThat(server.roles.census.latest()).isNotNull();
        assertThatThrownBy(server.roles.census::count).hasMessageContaining("away");
        replicas.time.advance(Duration.ofSeconds(2));
        assertThat(server.roles.census.latest()).isNull();
    }

    @Test
    void attemptsAndTheirTimesAreCounted() {
        var server = replicas.server();
        var worker = new WorkerDouble();
        server.submitted(replicas.job());
        replicas.time.advance(Duration.ofSeconds(3));
        WorkerSession session = server.attach(worker, 1);
        server.settle();
        replicas.time.advance(Duration.ofSeconds(7));

        session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        server.settle();

        EngineStats stats = server.stats();
        assertThat(stats.claims().starts().count()).isEqualTo(1);
        assertThat(stats.claims().starts().sum()).isEqualTo(3);
        assertThat(stats.attempts().seconds().sum()).isEqualTo(7);
        assertThat(stats.attempts().outcomes()).containsEntry(OutcomeKind.ACK, 1L);
        assertThat(stats.attempts().movedTo()).containsEntry(JobStatus.COMPLETED, 1L);
        assertThat(stats.claims().batches().count()).isEqualTo(1);
        assertThat(stats.reports().batches().count()).isEqualTo(1);
    }

    @Test
    void bucketsHoldWhatIsNotAboveTheirBound() {
        Histogram histogram = Histogram.ofSizes();
        histogram.add(1);
        histogram.add(2);
        histogram.add(3);
        histogram.add(1_001);
        histogram.add(-4);

        Distribution read = histogram.read();

        assertThat(read.bounds().subList(0, 3)).containsExactly(1.0, 2.0, 5.0);
        assertThat(read.counts().subList(0, 3)).containsExactly(2L, 1L, 1L);
        assertThat(read.counts().getLast()).isEqualTo(1);
        assertThat(read.count()).isEqualTo(5);
        assertThat(read.sum()).isEqualTo(1_007);
    }
}
