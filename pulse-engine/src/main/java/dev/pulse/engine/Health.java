package dev.pulse.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says how the server is: whether its threads make progress, and whether the store takes a write. Any thread. */
final class Health {
    /** A write this fresh needs no other: health may be asked by anybody, as often as they like. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Lifecycle lifecycle;
    private final Beacon beacon;
    private final OutageWatch watch;
    private final Supplier<List<AgentRunner>> runners;
    private final AtomicReference<@Nullable CompletableFuture<Void>> writing = new AtomicReference<>();

    Health(Lifecycle lifecycle, Beacon beacon, OutageWatch watch, Supplier<List<AgentRunner>> runners) {
        this.lifecycle = lifecycle;
        this.beacon = beacon;
        this.watch = watch;
        this.runners = runners;
    }

    HealthReport report() {
        List<String> problems = new ArrayList<>();
        for (AgentRunner runner : runners.get()) {
            if (!runner.isWell()) {
                problems.add("the role " + runner.name() + " makes no progress");
            }
        }
        boolean live = problems.isEmpty() || lifecycle.isClosed();
        if (lifecycle.isDraining()) {
            problems.add("the server is shutting down");
        }
        checkStore(problems);
        return new HealthReport(live, problems.isEmpty(), beacon.isLeader(), problems);
    }

    private void checkStore(List<String> problems) {
        if (watch.sinceBeat() <= FRESH.toNanos()) {
            return;
        }
        if (watch.sinceBeat() == Long.MAX_VALUE) {
            problems.add("the database has not been written to yet");
            return;
        }
        await(write(), problems);
    }

    /** One write at a time, however many ask. */
    private CompletableFuture<Void> write() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> underWay = writing.compareAndExchange(null, mine);
        if (underWay != null) {
            return underWay;
        }
        Thread.ofVirtual().name("pulse-health").start(() -> {
            try {
                beacon.beat();
                writing.set(null);
                mine.complete(null);
            } catch (RuntimeException e) {
                writing.set(null);
                mine.completeExceptionally(e);
            }
        });
        return mine;
    }

    private static void await(CompletableFuture<Void> write, List<String> problems) {
        try {
            write.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            problems.add("the database cannot be written to: "
                    + Trouble.told(e.getCause() == null ? e : e.getCause()).getMessage());
        } catch (TimeoutException e) {
            problems.add("the database did not take a write within " + PATIENCE.toSeconds() + "s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.add("the check was interrupted");
        }
    }
}
