package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.JobStatus;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PromoteStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void theLeaderFindsDueJobsThatNobodyKnowsOf() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored(replicas.job(builder -> builder.delay(Duration.ofSeconds(2))));

        server.live(Duration.ofSeconds(4), () -> {});

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void anIdleFollowerAsksNothing() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        int before = replicas.watched.count("promote");

        for (int i = 0; i < 10; i++) {
            replicas.time.advance(Duration.ofSeconds(1));
            leader.roles.beacon.step();
            follower.settle();
        }

        assertThat(replicas.watched.count("promote")).isEqualTo(before);
    }

    @Test
    void aTimeThatIsNotReachedYetIsWaitedFor() {
        var server = replicas.server();
        server.submitted(replicas.job(builder -> builder.delay(Duration.ofMinutes(5))));
        server.roles.promoter.step();
        int before = replicas.watched.count("promote");

        replicas.time.advance(Duration.ofMinutes(4));
        server.roles.promoter.step();

        assertThat(replicas.watched.count("promote")).isEqualTo(before);
        assertThat(server.roles.promoter.patience(0)).isPositive();
    }

    @Test
    void allThatIsDueIsPromotedBatchByBatch() {
        var server = replicas.server();
        for (int i = 0; i < PromoteConfig.DEFAULT.batchMax() * 2 + 1; i++) {
            server.submitted(replicas.job(builder -> builder.delay(Duration.ofSeconds(1))));
        }
        replicas.time.advance(Duration.ofSeconds(1));

        server.settle();

        assertThat(server.stats().chores().promoted()).isEqualTo(PromoteConfig.DEFAULT.batchMax() * 2L + 1);
    }

    @Test
    void troubleIsTriedAgain() {
        var server = replicas.server();
        UUID id = server.submitted(replicas.job(builder -> builder.delay(Duration.ofSeconds(1))));
        replicas.time.advance(Duration.ofSeconds(1));
        replicas.watched.failBefore("promote", arguments -> Replicas.unavailable());
        assertThatThrownBy(server.roles.promoter::step).hasMessageContaining("away");
        replicas.watched.heal();

        replicas.time.advance(PromoteConfig.DEFAULT.every());
        server.roles.promoter.step();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aDistantYearDoesNotUpsetTheTimer() {
        DueTimer timer = new DueTimer(replicas.time, new Wake(replicas.time));

        timer.dueIn(Duration.ofDays(365_000));

        assertThat(timer.untilDue()).isPositive();
    }
}
