package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.store.Acted;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Inserted;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine with its threads, on the memory store and the real clock. */
@Timeout(60)
final class EngineTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Caller ME = new Caller("me", "here");

    private final Replicas jobs = new Replicas(); // for its job and session makers only
    private final WatchedStores watched =
            new WatchedStores(new MemoryStores(InstantSource.system(), new Random(3)).stores());
    private final List<Engine> engines = new ArrayList<>();

    @AfterEach
    void closeAll() {
        engines.forEach(Engine::close);
    }

    @Test
    void aJobIsSubmittedRunReportedAndAwaited() {
        Engine engine = engine(new MemoryHints());
        work(engine, 4);

        UUID id = submitted(engine, jobs.job());
        Job job = engine.await(id, LONG).join().orElseThrow();

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.attempt()).isEqualTo(1);
    }

    @Test
    void twoServersShareTheWorkAndEachJobRunsOnce() {
        MemoryHints bus = new MemoryHints();
        Engine one = engine(bus);
        Engine two = engine(bus.peer());
        work(one, 8);
        work(two, 8);
        List<UUID> ids = new ArrayList<>();
        List<CompletableFuture<List<Inserted>>> submits = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Submission job = jobs.job();
            ids.add(job.id());
            submits.add((i % 2 == 0 ? one : two).submit(List.of(job), false));
        }
        submits.forEach(CompletableFuture::join);

        for (UUID id : ids) {
            Job job = one.await(id, LONG).join().orElseThrow();
            assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(job.attempt()).isEqualTo(1);
        }
        assertThat(one.stats().claims().granted() + two.stats().claims().granted())
                .isEqualTo(2_000);
        assertThat(one.stats().submits().inserts()).isLessThan(1_000);
    }

    @Test
    void aCancelReachesTheWorkerAtOnce() throws InterruptedException {
        Engine engine = engine(new MemoryHints());
        CountDownLatch canceled = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        WorkerSession session = engine.attach(jobs.spec(), Set.of(), new SessionListener() {
            @Override
            public void assigned(List<Assignment> some) {
                running.countDown();
            }

            @Override
            public void cancel(List<CancelRequest> requests) {
                canceled.countDown();
            }

            @Override
            public void drain() {}

            @Override
            public void ended(String reason) {}
        });
        session.grant(1);
        UUID id = submitted(engine, jobs.job());
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        Acted acted = engine.cancel(id, ME);

        assertThat(acted)
                .isInstanceOfSatisfying(
                        Acted.Done.class, done -> assertThat(done.status()).isEqualTo(JobStatus.RUNNING));
        assertThat(canceled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCanceledJobNeedsNoMoreWaitingFor() {
        Engine engine = engine(new MemoryHints());
        UUID id = submitted(engine, jobs.job());
        var wait = engine.await(id, LONG);

        engine.cancel(id, ME);

        assertThat(wait.join().orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void aRequeuedJobRunsAgain() {
        Engine engine = engine(new MemoryHints());
        UUID id = submitted(engine, jobs.job());
        engine.cancel(id, ME);
        work(engine, 1);

        assertThat(engine.requeue(id, ME)).isInstanceOf(Acted.Done.class);

        assertThat(engine.await(id, LONG).join().orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aBulkActTouchesWhatMatchesAndADryRunNothing() {
        Engine engine = engine(new MemoryHints());
        for (int i = 0; i < 5; i++) {
            submitted(engine, jobs.job());
        }
        submitted(engine, jobs.job(builder -> builder.type("other")));
        JobFilter filter = JobFilter.ALL.withStatus(JobStatus.PENDING);
        JobFilter emails = new JobFilter(JobStatus.PENDING, Replicas.TYPE, null, Map.of(), null, null, null, null);

        assertThat(engine.bulk(BulkAction.CANCEL, filter, true, ME)).isEqualTo(new BulkResult(6, 0));
        BulkResult canceled = engine.bulk(BulkAction.CANCEL, emails, false, ME);
        assertThat(canceled.matched()).isEqualTo(5);
        assertThat(canceled.changed()).isEqualTo(5);
        assertThat(canceled.finished()).isTrue();
        assertThat(engine.bulk(BulkAction.DELETE, JobFilter.ALL.withStatus(JobStatus.CANCELED), false, ME)
                        .changed())
                .isEqualTo(5);
        assertThat(engine.counts().total()).containsOnly(Map.entry(JobStatus.PENDING, 1L));
        assertThatThrownBy(() -> engine.bulk(BulkAction.DELETE, JobFilter.ALL, false, ME))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.field()).isEqualTo("filter"));
    }

    @Test
    void healthTellsOfAStoreThatTakesNoWrites() {
        Engine engine = engine(new MemoryHints());
        until(() -> engine.health().ready());
        assertThat(engine.health().leader()).isTrue();

        watched.down(Replicas.unavailable());
        until(() -> !engine.health().ready());
        assertThat(engine.health().live()).isTrue();
        assertThat(engine.health().problems()).anyMatch(problem -> problem.contains("database"));

        watched.heal();
        until(() -> engine.health().ready());
    }

    @Test
    void aClosedEngineTakesNothingMoreAndLeavesTheOthers() {
        Engine engine = engine(new MemoryHints());
        until(() -> engine.servers().size() == 1);

        engine.close();
        engine.close();

        var late = engine.submit(List.of(jobs.job()), false);
        assertThat(SubmitStepTest.refusal(late).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(SubmitStepTest.refusal(engine.await(new UUID(1, 1), LONG)).code())
                .isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(engine.servers()).isEmpty();
        assertThat(engine.health().ready()).isFalse();
    }

    @Test
    void whatWasTakenInIsDoneBeforeTheClose() {
        Engine engine = engine(new MemoryHints());
        List<CompletableFuture<List<Inserted>>> submits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            submits.add(engine.submit(List.of(jobs.job()), false));
        }

        engine.close();

        assertThat(submits).allSatisfy(submit -> assertThat(submit).isCompleted());
    }

    @Test
    void startingAndStoppingAgainAndAgainLeavesNoThread() {
        for (int i = 0; i < 30; i++) {
            Engine engine = engine(new MemoryHints());
            if (i % 2 == 0) {
                work(engine, 1);
                submitted(engine, jobs.job());
            }
            engine.close();
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("pulse-"))
                .allSatisfy(thread -> assertThat(thread.isVirtual()).isTrue());
    }

    // ---- helpers ----

    private Engine engine(MemoryHints hints) {
        Engine engine = Engine.start(
                EngineConfig.DEFAULT,
                watched.stores(),
                hints,
                new Engine.EngineRuntime(
                        UUID.randomUUID(), "server", "test", InstantSource.system(), System::nanoTime, new Random(5)));
        engines.add(engine);
        return engine;
    }

    private static UUID submitted(Engine engine, Submission job) {
        engine.submit(List.of(job), false).join();
        return job.id();
    }

    /** A worker that acknowledges at once and asks for the next. */
    private void work(Engine engine, int slots) {
        AtomicReference<WorkerSession> session = new AtomicReference<>();
        WorkerSession attached = engine.attach(jobs.spec(), Set.of(), new SessionListener() {
            @Override
            public void assigned(List<Assignment> some) {
                WorkerSession to = session.get();
                var unused =
                        to.report(some.stream().map(WorkerDouble::ack).toList()).thenRun(() -> to.grant(some.size()));
            }

            @Override
            public void cancel(List<CancelRequest> requests) {}

            @Override
            public void drain() {}

            @Override
            public void ended(String reason) {}
        });
        session.set(attached);
        attached.grant(slots);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
