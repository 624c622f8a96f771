package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkState;
import dev.pulse.model.Caller;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.store.BulkCount;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStep;
import dev.pulse.store.BulkStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Acts on many jobs, stepped by hand. */
final class BulkStepTest {
    private static final Caller ANN = new Caller("ann", "10.0.0.7");
    private static final JobFilter PENDING = JobFilter.ALL.withStatus(JobStatus.PENDING);

    private final Replicas replicas = new Replicas();

    private Bulk bulk(Replicas.Server server) {
        return new Bulk(
                replicas.watched.stores().bulk(),
                BulkConfig.DEFAULT,
                server.roles.bulkRunner,
                new IdSource(replicas.time, replicas.random),
                replicas.time);
    }

    private BulkState state(UUID id) {
        return replicas.memory.bulk().find(id).orElseThrow().state();
    }

    @Test
    void anotherServerGoesOnWhereOneHasLeft() {
        int jobs = BulkConfig.DEFAULT.chunk() * 2 + 1;
        for (int i = 0; i < jobs; i++) {
            replicas.stored();
        }
        var one = replicas.server();
        var two = replicas.server();
        UUID id = bulk(one).start(BulkAction.CANCEL, PENDING, false, null, ANN).id();
        one.roles.bulkRunner.step();
        assertThat(state(id)).isEqualTo(BulkState.RUNNING);

        while (two.roles.bulkRunner.step() > 0) {
            replicas.time.advance(Duration.ofMillis(1));
        }

        assertThat(state(id)).isEqualTo(BulkState.DONE);
        assertThat(replicas.memory.jobs().counts().total()).isEqualTo(Map.of(JobStatus.CANCELED, (long) jobs));
    }

    @Test
    void aChunkWhoseCommitIsNotKnownRepeatsNothing() {
        for (int i = 0; i < BulkConfig.DEFAULT.chunk() + 1; i++) {
            replicas.stored();
        }
        var server = replicas.server();
        UUID id =
                bulk(server).start(BulkAction.CANCEL, PENDING, false, null, ANN).id();
        replicas.watched.failAfter("step", arguments -> Replicas.unknown());
        assertThatThrownBy(server.roles.bulkRunner::step).hasMessageContaining("lost during commit");
        replicas.watched.heal();

        while (server.roles.bulkRunner.step() > 0) {
            replicas.time.advance(Duration.ofMillis(1));
        }

        assertThat(replicas.memory.bulk().find(id).orElseThrow().result().changed())
                .isEqualTo(BulkConfig.DEFAULT.chunk() + 1);
    }

    @Test
    void requeuedJobsAreClaimedAtOnce() {
        var server = replicas.server();
        UUID id = replicas.stored();
        replicas.memory.jobs().cancel(id, "me");
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 1);
        server.settle();

        bulk(server).start(BulkAction.REQUEUE, JobFilter.ALL.withStatus(JobStatus.CANCELED), false, null, ANN);
        server.roles.bulkRunner.step();
        server.settle();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aFilterThatMayMeanEveryJobNeedsAWordMore() {
        Bulk bulk = bulk(replicas.server());
        JobFilter ever = new JobFilter(null, null, null, Map.of(), null, null, Instant.EPOCH, null);

        for (JobFilter broad : new JobFilter[] {JobFilter.ALL, ever}) {
            assertThat(catchThrowableOfType(
                                    PulseException.class, () -> bulk.start(BulkAction.DELETE, broad, false, null, ANN))
                            .field())
                    .isEqualTo("filter");
            assertThat(catchThrowableOfType(PulseException.class, () -> bulk.count(broad, false))
                            .field())
                    .isEqualTo("filter");
        }
        assertThat(bulk.start(BulkAction.DELETE, ever, true, null, ANN).state()).isEqualTo(BulkState.RUNNING);
        assertThat(bulk.count(JobFilter.ALL, true).matched()).isZero();
    }

    @Test
    void aRateIsARateAboveNothing() {
        Bulk bulk = bulk(replicas.server());

        for (int rate : new int[] {0, -1, 100_001}) {
            assertThat(catchThrowableOfType(
                                    PulseException.class,
                                    () -> bulk.start(BulkAction.REQUEUE, PENDING, false, rate, ANN))
                            .field())
                    .isEqualTo("rate");
        }
    }

    @Test
    void aCountThatTakesTooLongSaysAtLeast() {
        var server = replicas.server();
        BulkStore slow = new EndlessCount();
        Bulk bulk = new Bulk(
                slow,
                BulkConfig.DEFAULT,
                server.roles.bulkRunner,
                new IdSource(replicas.time, replicas.random),
                replicas.time);

        var counted = bulk.count(PENDING, false);

        assertThat(counted.finished()).isFalse();
        assertThat(counted.matched()).isEqualTo(3);
    }

    /** Each part takes a second and finds one. */
    private final class EndlessCount implements BulkStore {
        @Override
        public BulkCount count(JobFilter filter, @Nullable String cursor, int window) {
            replicas.time.advance(Duration.ofMillis(900));
            return new BulkCount(1, "more");
        }

        @Override
        public BulkOperation start(BulkOrder order) {
            throw new AssertionError();
        }

        @Override
        public Optional<BulkStep> step(int chunk, int window) {
            return Optional.empty();
        }

        @Override
        public Optional<BulkOperation> stop(UUID id, Caller by) {
            throw new AssertionError();
        }

        @Override
        public Optional<BulkOperation> find(UUID id) {
            throw new AssertionError();
        }

        @Override
        public List<BulkOperation> list(int limit) {
            throw new AssertionError();
        }
    }
}
