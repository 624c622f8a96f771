package dev.pulse.benchmarks;

import dev.pulse.client.PulseClient;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Makes and submits jobs of {@value #PAYLOAD_BYTES} bytes whose payload begins with the moment of their submit. */
final class Load {
    static final String TYPE = "bench";
    static final int STAMP_DIGITS = 16;
    private static final int PAYLOAD_BYTES = 100;

    private final PulseClient client;
    private final String type;

    Load(PulseClient client, String type) {
        this.client = client;
        this.type = type;
    }

    private Submission job(IdSource ids) {
        String stamp = String.format(java.util.Locale.ROOT, "%0" + STAMP_DIGITS + "d", System.nanoTime());
        String payload = "\"" + stamp + "x".repeat(PAYLOAD_BYTES - STAMP_DIGITS - 2) + "\"";
        return new SubmissionBuilder(Limits.DEFAULT)
                .type(type)
                .payload(Payload.json(payload))
                .build(ids);
    }

    private static IdSource ids() {
        return new IdSource(InstantSource.system(), ThreadLocalRandom.current());
    }

    /** Each submitter sends one job a call until all are sent. Returns the seconds that took. */
    double singles(int jobs, int submitters) throws InterruptedException, ExecutionException {
        AtomicInteger left = new AtomicInteger(jobs);
        return timed(submitters, () -> {
            IdSource ids = ids();
            while (left.getAndDecrement() > 0) {
                client.submit(job(ids));
            }
        });
    }

    /** Each submitter sends batches until all are sent. Returns the seconds that took. */
    double batches(int jobs, int submitters, int size) throws InterruptedException, ExecutionException {
        AtomicInteger left = new AtomicInteger(jobs / size);
        return timed(submitters, () -> {
            IdSource ids = ids();
            while (left.getAndDecrement() > 0) {
                List<Submission> batch = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    batch.add(job(ids));
                }
                client.submitAll(batch);
            }
        });
    }

    /** Sends at an even rate, whatever the answers take, so that waiting in line counts as latency. */
    void paced(int jobs, double perSecond) throws InterruptedException, ExecutionException {
        long gap = (long) (1e9 / perSecond);
        long start = System.nanoTime();
        AtomicInteger next = new AtomicInteger();
        timed(64, () -> {
            IdSource ids = ids();
            for (int i = next.getAndIncrement(); i < jobs; i = next.getAndIncrement()) {
                long wait = start + i * gap - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                client.submit(job(ids));
            }
        });
    }

    private static double timed(int threads, Runnable work) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(work));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
