package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import dev.pulse.model.IdSource;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers for one process: slots, sessions one after another, drain. Stops 6 to 8 of the path.
 *
 * <p>One lock guards everything; nothing under it blocks. News comes in on the broker's threads, each handler has its own
 * virtual thread, and one platform thread turns {@link #step}: see {@link WorkerThreads}. Keeps I8: it never asks for more jobs than it has free slots, and hands back what
 * comes beyond.
 */
final class Worker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.pulse.worker");

    private static final long CLOSED = -1;

    /** A life has these stations in this order; some are skipped. */
    private enum Stage {
        NEW,
        WORKING,
        DRAINING,
        STOPPING,
        LEAVING,
        CLOSED
    }

    /** The worker whose handler a thread runs. */
    private static final ThreadLocal<@Nullable Worker> HANDLING = new ThreadLocal<>();

    private final WorkerConfig config;
    private final Set<String> types;
    private final AttemptRunner runner;
    private final Broker broker;
    private final WorkerListener listener;
    private final IdSource ids;
    private final PulseRuntime runtime;

    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock telling = new ReentrantLock();
    private final Queue<Consumer<WorkerListener>> news = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Stage stage = Stage.NEW;
    private @Nullable HeldSession session;
    private @Nullable PulseException failure;
    private int busy;
    private long stageEnd;
    private long wakeAt;
    private volatile Runnable wake = () -> {};

    Worker(
            WorkerConfig config,
            Set<String> types,
            AttemptRunner runner,
            Broker broker,
            WorkerListener listener,
            IdSource ids,
            PulseRuntime runtime) {
        this.config = config;
        this.types = Set.copyOf(types);
        this.runner = runner;
        this.broker = broker;
        this.listener = listener;
        this.ids = ids;
        this.runtime = runtime;
    }

    /** Opens the session and starts the thread that keeps its time. */
    void start() {
        open();
        wake = runtime.threads().turn("pulse-worker-" + config.name(), () -> closed.getCount() > 0 ? step() : CLOSED);
        wake.run(); // what came in before it was known
    }

    /** Opens the session; the caller turns the steps. */
    void open() {
        run(() -> {
            if (stage != Stage.NEW) {
                throw new IllegalStateException("a worker is started once");
            }
            stage = Stage.WORKING;
            openSession();
        });
    }

    private void openSession() {
        SessionSpec spec = new SessionSpec(
                ids.next(), config.name(), types, config.queues(), config.concurrency(), config.leaseTtl());
        HeldSession opened = new HeldSession(this, spec, config);
        session = opened;
        opened.bind(broker.open(spec, opened));
    }

    /** Does what time asks for, and returns how many nanos may pass before the next step. */
    long step() {
        return locked(() -> {
            long now = now();
            if (session != null && stage != Stage.LEAVING && stage != Stage.CLOSED) {
                session.step(now);
            }
            windDown(now);
            long quiet = Math.max(0, quietFor(now));
            wakeAt = now + quiet;
            return quiet;
        });
    }

    private long quietFor(long now) {
        if (session == null || stage.compareTo(Stage.LEAVING) >= 0) {
            return RunningAttempt.FOREVER;
        }
        long quiet = session.quietFor(now);
        return stage == Stage.WORKING ? quiet : Math.min(quiet, stageEnd - now);
    }

    // ---- Slots

    void begin(RunningAttempt attempt) {
        busy++;
        tell(told -> told.started(attempt.context()));
        runtime.threads().handle("pulse-" + attempt.context().type(), () -> runAttempt(attempt));
    }

    private void runAttempt(RunningAttempt attempt) {
        attempt.begunOn(Thread.currentThread());
        HANDLING.set(this);
        Outcome outcome = outcomeOf(attempt);
        HANDLING.remove();
        run(() -> {
            busy--;
            attempt.handlerDone();
            Throwable thrown = attempt.thrown();
            if (thrown != null) {
                tell(told -> told.threw(attempt.context(), thrown));
            }
            // No interrupt comes any more, and one that came late must not hit the report.
            Thread.interrupted();
            attempt.session().finished(attempt, outcome);
            grantRoom();
            progressed();
        });
    }

    /** Even when there is no memory left to describe a failure with, the slot must come free. */
    private Outcome outcomeOf(RunningAttempt attempt) {
        try {
            return runner.run(attempt);
        } catch (Throwable defect) {
            return new Outcome.Fail(
                    AttemptError.of("runtime_error", defect.getClass().getName()));
        }
    }

    /** Whether the calling thread runs a handler of this worker. */
    boolean isHandlerThread() {
        return HANDLING.get() == this;
    }

    void grantRoom() {
        if (stage == Stage.WORKING && session != null) {
            session.grant(config.concurrency() - busy);
        }
    }

    boolean isWorking() {
        return stage == Stage.WORKING;
    }

    // ---- Sessions

    /** The session ended: a worker that works opens another, one that drains has nothing left to hand back. */
    void sessionOver() {
        if (stage == Stage.WORKING) {
            openSession();
        } else {
            progressed();
        }
    }

    void refused(PulseException reason) {
        failure = reason;
        enter(Stage.CLOSED, 0);
        closed.countDown();
    }

    // ---- Drain

    /** Takes no more work, and returns at once. */
    void drain() {
        run(() -> {
            if (stage == Stage.NEW) {
                enter(Stage.CLOSED, 0);
                closed.countDown();
            } else if (stage == Stage.WORKING) {
                enter(Stage.DRAINING, config.drainTimeout().toNanos());
                windDown(now());
            }
        });
    }

    private void enter(Stage next, long nanos) {
        stage = next;
        stageEnd = now() + nanos;
        wakeBy(stageEnd);
    }

    /** One step of the way out, when there is one to take. */
    private void windDown(long now) {
        HeldSession last = session;
        if (last == null || stage.compareTo(Stage.DRAINING) < 0 || stage.compareTo(Stage.LEAVING) >= 0) {
            return;
        }
        boolean empty = last.isIdle() && busy == 0;
        boolean timeIsOver = now - stageEnd >= 0;
        if (empty || timeIsOver && stage == Stage.STOPPING) {
            leave(last);
        } else if (timeIsOver) {
            // Twice the grace: once for handlers to end, once for the reports of those that did not.
            enter(Stage.STOPPING, 2 * config.stopGrace().toNanos());
            last.stopAll(StopReason.DRAIN);
        }
    }

    private void leave(HeldSession last) {
        enter(Stage.LEAVING, 0);
        if (last.isOver()) {
            left();
        } else {
            last.broker().close().whenComplete((done, failed) -> run(this::left));
        }
    }

    private void left() {
        stage = Stage.CLOSED;
        closed.countDown();
        wake.run();
    }

    /** Something ended; it may have been the last thing that a drain waits for. */
    void progressed() {
        windDown(now());
    }

    /** Drains and waits until that is done; an interrupt makes it hurry. */
    @Override
    public void close() {
        drain();
        boolean interrupted = false;
        while (true) {
            try {
                runtime.threads().awaitClosed(closed);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                run(this::hurry);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void hurry() {
        if (stage == Stage.DRAINING) {
            stageEnd = now();
            windDown(stageEnd);
        }
    }

    /** Waits until the worker is closed; throws why, where that was a refusal. */
    void awaitClosed() throws InterruptedException {
        runtime.threads().awaitClosed(closed);
        PulseException reason = locked(() -> failure);
        if (reason != null) {
            throw reason;
        }
    }

    // ---- Lock, time, news

    long now() {
        return runtime.ticker().getAsLong();
    }

    /** Half to all of it. */
    Duration spread(Duration wait) {
        return Duration.ofNanos((long) (wait.toNanos() * (0.5 + runtime.random().nextDouble() / 2)));
    }

    /** Sees to it that the next step is not later. */
    void wakeBy(long due) {
        if (due - wakeAt < 0) {
            wakeAt = due;
            wake.run();
        }
    }

    /** Notes news for the listener, which hears it once the lock is free. */
    void tell(Consumer<WorkerListener> note) {
        news.add(note);
    }

    void run(Runnable action) {
        locked(() -> {
            action.run();
            return null;
        });
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
            if (!lock.isHeldByCurrentThread()) {
                tellNews();
            }
        }
    }

    /** One thread at a time tells, so that the listener hears things in their order; the others leave theirs to it. */
    private void tellNews() {
        while (!news.isEmpty() && telling.tryLock()) {
            try {
                for (Consumer<WorkerListener> note = news.poll(); note != null; note = news.poll()) {
                    tellOne(note);
                }
            } finally {
                telling.unlock();
            }
        }
    }

    private void tellOne(Consumer<WorkerListener> note) {
        try {
            note.accept(listener);
        } catch (RuntimeException defect) {
            LOG.log(Level.WARNING, "the worker's listener threw", defect);
        }
    }
}
