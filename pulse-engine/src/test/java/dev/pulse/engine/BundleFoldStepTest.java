package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BundleFoldStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void whatEndedHereIsFoldedHereWithoutBeingTheLeader() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        Submission callback = replicas.job();
        UUID bundle = finished(callback);

        follower.roles.bundleFolder.touched(Set.of(bundle));
        follower.roles.bundleFolder.step();

        assertThat(status(bundle)).isEqualTo(BundleStatus.CANCELED);
        assertThat(replicas.memory.jobs().find(callback.id()).map(Job::status)).hasValue(JobStatus.PENDING);
    }

    @Test
    void theLeaderFindsWhatNobodyTold() {
        var server = replicas.server();
        server.settle();
        UUID bundle = finished(replicas.job());

        replicas.time.advance(BundleConfig.DEFAULT.every());
        server.roles.beacon.step();
        server.roles.bundleFolder.step();

        assertThat(status(bundle)).isEqualTo(BundleStatus.CANCELED);
    }

    @Test
    void anIdleFollowerAsksNothing() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        int before = replicas.watched.count("fold");

        for (int i = 0; i < 5; i++) {
            replicas.time.advance(BundleConfig.DEFAULT.every());
            leader.roles.beacon.step();
            follower.roles.bundleFolder.step();
        }

        assertThat(replicas.watched.count("fold")).isEqualTo(before);
    }

    @Test
    void aFoldThatFailedIsTriedAgain() {
        var server = replicas.server();
        server.settle();
        UUID bundle = finished(replicas.job());
        server.roles.bundleFolder.touched(Set.of(bundle));
        replicas.watched.failBefore("fold", arguments -> Replicas.unavailable());

        assertThatThrownBy(server.roles.bundleFolder::step).isInstanceOf(PulseException.class);
        replicas.watched.heal();
        server.roles.bundleFolder.step();

        assertThat(status(bundle)).isEqualTo(BundleStatus.CANCELED);
    }

    @Test
    void whoWaitsForABundleIsAnswered() {
        var server = replicas.server();
        server.settle();
        UUID bundle = finished(replicas.job());
        var wait = server.roles.bundleRoom.await(bundle, Duration.ofMinutes(1));
        server.roles.bundleFolder.touched(Set.of(bundle));

        server.roles.bundleFolder.step();
        server.roles.bundleRoom.step();

        assertThat(wait)
                .isCompletedWithValueMatching(found -> found.orElseThrow().status() == BundleStatus.CANCELED);
    }

    private BundleStatus status(UUID bundle) {
        return replicas.memory.bundles().find(bundle).orElseThrow().status();
    }

    /** A bundle whose one member was canceled through another server. */
    private UUID finished(Submission callback) {
        Submission member = replicas.job();
        UUID id = replicas.job().id();
        replicas.memory
                .bundles()
                .insert(BundleTree.of(
                        new BundleSubmission(
                                id, "b", null, List.of(member), List.of(), Map.of(BundleEvent.COMPLETE, callback)),
                        10));
        replicas.memory.bundles().cancel(List.of(id), null, 10, Caller.internal("ann"));
        return id;
    }
}
