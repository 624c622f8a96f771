package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.store.Inserted;
import dev.pulse.storememory.MemoryHints;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SteppedEngineTest {
    private final Replicas world = new Replicas();
    private final SteppedEngine stepped = new SteppedEngine(
            EngineConfig.DEFAULT,
            world.memory,
            new MemoryHints(),
            new Engine.EngineRuntime(new UUID(0, 1), "stepped", "test", world.time, world.time, world.random));

    private void settle() {
        while (stepped.step() > 0) {
            // until nothing is left to do
        }
    }

    @Test
    void nothingMovesUnlessItIsStepped() {
        CompletableFuture<List<Inserted>> answer = stepped.engine().submit(List.of(world.job()), false);
        assertThat(answer).isNotDone();

        settle();

        assertThat(answer).isCompleted();
    }

    @Test
    void aDelayedJobIsGrantedWhenTheClockIsThere() {
        WorkerDouble worker = new WorkerDouble();
        stepped.engine().attach(world.spec(), Set.of(), worker).grant(1);
        Submission later = world.job(job -> job.delay(Duration.ofSeconds(20)));
        stepped.engine().submit(List.of(later), false);
        settle();
        assertThat(world.status(later.id())).isEqualTo(JobStatus.SCHEDULED);

        world.time.advance(Duration.ofSeconds(20));
        settle();

        assertThat(world.status(later.id())).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void closingDoesWhatWasTakenInAlthoughTheClockStandsStill() {
        CompletableFuture<List<Inserted>> submitted = stepped.engine().submit(List.of(world.job()), false);

        stepped.close();
        stepped.close();

        assertThat(submitted).isCompleted();
        assertThat(world.memory.servers().servers()).isEmpty();
        CompletionException refused = catchThrowableOfType(
                CompletionException.class,
                () -> stepped.engine().submit(List.of(world.job()), false).join());
        assertThat(refused.getCause())
                .isInstanceOfSatisfying(
                        PulseException.class,
                        trouble -> assertThat(trouble.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }
}
