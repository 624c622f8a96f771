package dev.pulse.engine;

import dev.pulse.model.Job;
import dev.pulse.store.BulkStep;
import dev.pulse.store.BulkStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Takes the next chunk of the acts on many jobs. An agent of every server: an operation is nobody's, so that it goes on
 * when the server that took it in is gone, and one that is given in anew waits for no other to end (they take turns).
 */
final class BulkRunner implements Agent {
    private final BulkStore store;
    private final BulkConfig config;
    private final LaneSignals signals;
    private final WaitRoom<Job> waitRoom;
    private final CancelPush cancels;
    private final LongSupplier ticker;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long rest;

    BulkRunner(
            BulkStore store,
            BulkConfig config,
            LaneSignals signals,
            WaitRoom<Job> waitRoom,
            CancelPush cancels,
            LongSupplier ticker,
            Wake wake) {
        this.store = store;
        this.config = config;
        this.signals = signals;
        this.waitRoom = waitRoom;
        this.cancels = cancels;
        this.ticker = ticker;
        this.wake = wake;
        this.rest = config.every().toNanos();
    }

    @Override
    public String name() {
        return "bulk-runner";
    }

    /** One chunk. */
    @Override
    public int step() {
        Optional<BulkStep> found = store.step(config.chunk(), config.window());
        if (found.isEmpty()) {
            return 0;
        }
        BulkStep step = found.get();
        signals.readyAtTheEnd(step.lanes());
        step.ended().forEach(waitRoom::ended);
        cancels.tell(step.sessions());
        Integer rate = step.operation().rate();
        rest = rate == null
                ? config.every().toNanos()
                : Math.min(config.every().toNanos(), Duration.ofSeconds(1).toNanos() * config.chunk() / rate);
        if (step.operation().state().isFinal()) {
            tellWaiters();
        }
        return 1;
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : rest;
    }

    /** An operation was given in. Any thread. */
    void wake() {
        wake.signal();
    }

    /** Waits until it holds, asked again after each end and now and then, or until the time is over. Any thread. */
    void await(BooleanSupplier holds, Duration time) {
        long start = ticker.getAsLong();
        long look = config.every().toNanos() / 4;
        while (!holds.getAsBoolean()) {
            long left = time.toNanos() - (ticker.getAsLong() - start);
            if (left <= 0 || !pause(Math.min(left, look))) {
                return;
            }
        }
    }

    /** False where the thread was interrupted. */
    private boolean pause(long nanos) {
        lock.lock();
        try {
            return ended.await(nanos, TimeUnit.NANOSECONDS)
                    || !Thread.currentThread().isInterrupted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void tellWaiters() {
        lock.lock();
        try {
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
