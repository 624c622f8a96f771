package dev.pulse.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue between callers and the flushers that empty it: what waits when a flusher comes back is taken at
 * once, as one batch (I8). Any thread.
 */
final class Inbox<E extends Inbox.Entry> {
    /** What waits: some rows that go together. */
    interface Entry {
        int rows();

        long bytes();
    }

    private final int maxRows;
    private final long maxBytes;
    private final List<Wake> flushers;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<E> waiting = new ArrayDeque<>();
    private int rows;
    private long bytes;
    private boolean closed;

    Inbox(int maxRows, long maxBytes, List<Wake> flushers) {
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
        this.flushers = List.copyOf(flushers);
    }

    /** Puts the entry in line; not when that would exceed the bounds, or after the close. */
    boolean offer(E entry) {
        lock.lock();
        try {
            boolean fits = waiting.isEmpty() || (rows + entry.rows() <= maxRows && bytes + entry.bytes() <= maxBytes);
            if (closed || !fits) {
                return false;
            }
            waiting.add(entry);
            rows += entry.rows();
            bytes += entry.bytes();
        } finally {
            lock.unlock();
        }
        signalOne();
        return true;
    }

    /** The entries at the head within the limits, at least one where any waits. */
    List<E> take(int limitRows, long limitBytes) {
        lock.lock();
        try {
            List<E> taken = new ArrayList<>();
            int takenRows = 0;
            long takenBytes = 0;
            E next = waiting.peek();
            while (next != null
                    && (taken.isEmpty()
                            || (takenRows + next.rows() <= limitRows && takenBytes + next.bytes() <= limitBytes))) {
                taken.add(waiting.remove());
                takenRows += next.rows();
                takenBytes += next.bytes();
                next = waiting.peek();
            }
            rows -= takenRows;
            bytes -= takenBytes;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int rows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more in; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * One flusher is enough: the one that was woken and has not read the queue yet, or an idle one. Where all seem busy all
     * are told, because one of them may be about to wait.
     */
    private void signalOne() {
        for (Wake flusher : flushers) {
            if (flusher.isRising()) {
                return;
            }
        }
        for (Wake flusher : flushers) {
            if (flusher.isIdle()) {
                flusher.signal();
                return;
            }
        }
        flushers.forEach(Wake::signal);
    }
}
