package dev.pulse.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the thread of one agent waits. A signal that comes while the agent works is kept: it makes the next wait return
 * at once. Signals carry nothing; the work lies in queues.
 */
final class Wake {
    private final LongSupplier ticker;
    private volatile boolean signalled;
    private volatile @Nullable Thread waiting;

    Wake(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Any thread. Cheap when the agent is at work or has been signalled before. */
    void signal() {
        if (signalled) {
            return;
        }
        signalled = true;
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether the agent waits with nothing to do. */
    boolean isIdle() {
        return waiting != null && !signalled;
    }

    /** Whether the agent has been woken and is about to read its queues. */
    boolean isRising() {
        return waiting != null && signalled;
    }

    /** To be called before the queues are read: what is put in later signals again. */
    void clear() {
        signalled = false;
    }

    /** The agent's thread only. Returns on a signal or when the time is over. */
    void await(long nanos) {
        long start = ticker.getAsLong();
        waiting = Thread.currentThread();
        try {
            long left = nanos;
            while (!signalled && left > 0) {
                LockSupport.parkNanos(this, left);
                left = nanos - (ticker.getAsLong() - start);
            }
        } finally {
            waiting = null;
        }
    }
}
