package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The roles that look after the past: only the leader acts, at its pace, and trouble does not make it hurry. */
final class HistoryStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void theLeaderLetsTheOldGo() {
        var server = replicas.server();
        server.settle();
        UUID id = replicas.stored();
        replicas.memory.jobs().cancel(id, "ann");

        pruneAfter(server, RetentionConfig.DEFAULT.canceled().minusDays(1));
        assertThat(replicas.memory.jobs().find(id)).isPresent();
        pruneAfter(server, Duration.ofDays(2));

        assertThat(replicas.memory.jobs().find(id)).isEmpty();
    }

    private void pruneAfter(Replicas.Server server, Duration time) {
        replicas.time.advance(time);
        server.roles.beacon.step();
        server.roles.pruner.step();
    }

    @Test
    void aFollowerLeavesThePastAlone() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        int folds = replicas.watched.count("fold");
        int prunes = replicas.watched.count("prune");

        for (int i = 0; i < 5; i++) {
            replicas.time.advance(RetentionConfig.DEFAULT.every());
            follower.roles.folder.step();
            follower.roles.pruner.step();
        }

        assertThat(replicas.watched.count("fold")).isEqualTo(folds);
        assertThat(replicas.watched.count("prune")).isEqualTo(prunes);
    }

    @Test
    void oneRoundIsEnoughUntilTheNextOneIsDue() {
        var server = replicas.server();
        server.settle();
        int before = replicas.watched.count("prune");
        replicas.time.advance(RetentionConfig.DEFAULT.every());
        server.roles.beacon.step();

        assertThat(server.roles.pruner.step()).isZero();
        assertThat(server.roles.pruner.step()).isZero();

        assertThat(replicas.watched.count("prune")).isEqualTo(before + 1);
        assertThat(server.roles.pruner.patience(0)).isPositive();
    }

    @Test
    void troubleIsTriedAgainInTheNextRoundOnly() {
        var server = replicas.server();
        server.settle();
        replicas.time.advance(RetentionConfig.DEFAULT.every());
        server.roles.beacon.step();
        replicas.watched.failBefore("prune", arguments -> Replicas.unavailable());
        replicas.watched.failBefore("fold", arguments -> Replicas.unavailable());
        assertThatThrownBy(server.roles.pruner::step).hasMessageContaining("away");
        assertThatThrownBy(server.roles.folder::step).hasMessageContaining("away");
        replicas.watched.heal();
        int before = replicas.watched.count("prune");

        assertThat(server.roles.pruner.step()).isZero();
        assertThat(server.roles.folder.step()).isZero();

        assertThat(replicas.watched.count("prune")).isEqualTo(before);
        assertThat(server.roles.folder.patience(0)).isPositive();
    }

    @Test
    void whatIsKeptMustOutliveALease() {
        Duration hour = Duration.ofHours(1);
        Duration less = hour.minusSeconds(1);
        for (String key : new String[] {"completed", "canceled", "dead-lettered"}) {
            assertThatThrownBy(() -> new RetentionConfig(
                            key.equals("completed") ? less : hour,
                            key.equals("canceled") ? less : hour,
                            key.equals("dead-lettered") ? less : null,
                            Duration.ofDays(1),
                            hour,
                            10))
                    .hasMessageContaining("retention." + key)
                    .hasMessageContaining("1h");
        }
    }
}
