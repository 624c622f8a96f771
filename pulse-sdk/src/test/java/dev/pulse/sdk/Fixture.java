package dev.pulse.sdk;

import dev.pulse.model.Assignment;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A worker with one handler over a {@link FakeBroker}; its time stands still until the test moves it. */
final class Fixture {
    static final JobType<String> TYPE = JobType.of("work", String.class);
    static final WorkerConfig CONFIG = new WorkerConfig(
            "tester", 2, Set.of(), Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(5));

    final FakeBroker broker = new FakeBroker();
    final Recorder recorder = new Recorder();
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // overflows early: only differences may be used
    private final Random random = new Random(7);
    private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    private int jobs;

    Worker worker(ReturningHandler<String> handler) {
        return worker(handler, recorder);
    }

    Worker worker(ReturningHandler<String> handler, WorkerListener listener) {
        Codecs codecs = new Codecs(List.of());
        Map<String, Handler<?>> handlers =
                Map.of(TYPE.name(), new Handler<>(TYPE, codecs.forClass(TYPE.payload()), handler));
        return new Worker(
                CONFIG,
                handlers.keySet(),
                new AttemptRunner(handlers, codecs),
                broker,
                listener,
                new IdSource(clock, random),
                new PulseRuntime(clock, nanos::get, random, WorkerThreads.own()));
    }

    /** A worker with an open session; the test turns its steps. */
    Worker opened(ReturningHandler<String> handler) {
        Worker worker = worker(handler);
        worker.open();
        return worker;
    }

    void pass(Worker worker, Duration time) {
        nanos.addAndGet(time.toNanos());
        worker.step();
    }

    Assignment job(FakeBroker.Session session) {
        return job(session, null);
    }

    Assignment job(FakeBroker.Session session, @Nullable Duration timeout) {
        int n = ++jobs;
        JobFacts facts = new JobFacts(
                new UUID(0, n),
                TYPE.name(),
                "default",
                0,
                Payload.json("\"hello\""),
                Labels.NONE,
                new Policy(3, Policy.DEFAULT.backoff(), timeout),
                null,
                Instant.EPOCH);
        return new Assignment(facts, new LeaseToken(1, n, new UUID(1, n)), session.spec.id(), 1, false);
    }
}
