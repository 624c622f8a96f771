package dev.pulse.testing;

import dev.pulse.embedded.Turns;
import dev.pulse.engine.SteppedEngine;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.WorkerThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns everything on the caller's thread: the engine's roles, the worker, the lines between them, and, when asked, the
 * handlers. Nothing happens of itself.
 *
 * <p>Whoever calls, drives; the lock keeps other threads of the code under test from driving at the same time. A handler
 * runs without it, so that what it enqueues, on whatever thread, is taken in.
 */
final class Driver implements WorkerThreads, Turns {
    /** Coming to rest takes a handful of rounds. */
    private static final int ROUNDS = 10_000;

    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> lines = new ArrayDeque<>();
    private final PriorityQueue<Timed> timers = new PriorityQueue<>(Comparator.comparingLong(Timed::at));
    private final List<LongSupplier> workers = new ArrayList<>();
    private final Deque<Runnable> handlers = new ArrayDeque<>();
    private @Nullable SteppedEngine engine;
    private int running;

    private record Timed(long at, Runnable task) {}

    Driver(LongSupplier ticker) {
        this.ticker = ticker;
    }

    void drives(SteppedEngine stepped) {
        engine = stepped;
    }

    /** Whether a handler is running, further up this stack or on another thread. */
    boolean isRunning() {
        return locked(() -> running > 0);
    }

    /** How many handlers run within one another. */
    int depth() {
        return locked(() -> running);
    }

    /**
     * Turns everything but the handlers until it comes to rest.
     *
     * @param grants whether ready jobs are given to free slots
     * @return how much was done
     */
    int settle(boolean grants) {
        return locked(() -> {
            int all = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int done = turn(grants);
                if (done == 0) {
                    return all;
                }
                all += done;
            }
            throw new StillMovingException("the engine itself does not come to rest: this is a defect of Pulse");
        });
    }

    private int turn(boolean grants) {
        workers.removeIf(step -> step.getAsLong() < 0);
        int done = turnLines();
        SteppedEngine stepped = engine;
        if (stepped != null) {
            done += grants ? stepped.step() : stepped.stepWithoutGrants();
        }
        return done;
    }

    private int turnLines() {
        for (Timed first = timers.peek(); first != null && first.at() <= ticker.getAsLong(); first = timers.peek()) {
            lines.add(timers.remove().task());
        }
        int done = 0;
        for (Runnable next = lines.poll(); next != null; next = lines.poll()) {
            next.run();
            done++;
        }
        return done;
    }

    /** Whether a handler waits for its turn. */
    boolean isWaiting() {
        return locked(() -> !handlers.isEmpty());
    }

    /** Runs the handler that waits longest; false where none waits. */
    boolean runOne() {
        Runnable next = locked(() -> {
            Runnable first = handlers.poll();
            running += first == null ? 0 : 1;
            return first;
        });
        if (next == null) {
            return false;
        }
        try {
            next.run();
        } finally {
            locked(() -> running--);
        }
        return true;
    }

    private interface Act<T extends @Nullable Object> {
        T run();
    }

    private <T extends @Nullable Object> T locked(Act<T> act) {
        lock.lock();
        try {
            return act.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- the worker's threads ----

    @Override
    public Runnable turn(String name, LongSupplier step) {
        locked(() -> workers.add(step));
        return () -> {};
    }

    @Override
    public void handle(String name, Runnable handler) {
        locked(() -> handlers.add(handler));
    }

    /** A closing worker has told its handlers to stop: those that wait for their turn end at once. */
    @Override
    public void awaitClosed(CountDownLatch closed) {
        while (closed.getCount() > 0) {
            int done = settle(false);
            if (closed.getCount() > 0 && !runOne() && done == 0) {
                throw new IllegalStateException("a Pulse under test works only when it is driven: call drain() in place"
                        + " of run(), and do not close it within a handler");
            }
        }
    }

    // ---- the connection's turns ----

    @Override
    public <T> T await(CompletableFuture<T> answer, Duration patience) {
        while (!answer.isDone()) {
            if (settle(false) == 0 && !answer.isDone()) {
                throw new PulseException(ErrorCode.TIMED_OUT, "the engine came to rest without an answer");
            }
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PulseException told ? told : e;
        }
    }

    @Override
    public Line line(String name) {
        return new DrivenLine();
    }

    private final class DrivenLine implements Line {
        private boolean closed;

        @Override
        public boolean execute(Runnable task) {
            return locked(() -> !closed && lines.add(task));
        }

        @Override
        public void after(Duration wait, Runnable task) {
            locked(() -> timers.add(new Timed(ticker.getAsLong() + wait.toNanos(), () -> {
                if (!closed) {
                    task.run();
                }
            })));
        }

        @Override
        public void close() {
            locked(() -> closed = true);
        }
    }
}
