package dev.pulse.storememory;

import dev.pulse.store.Hints;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One engine's end of a bus inside the process: what one end announces, every other end hears. Stop 4 of the path; any
 * thread announces, and each end calls back on one virtual thread of its own. What waits for a slow listener is a place
 * for each lane, so it is never more than there are lanes (I8).
 */
public final class MemoryHints implements Hints {
    private final Set<MemoryHints> ends;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Map<Integer, Long> waiting = new TreeMap<>();
    private boolean closed;
    private @Nullable Thread listening;

    /** The first end of a new bus. */
    public MemoryHints() {
        this(new CopyOnWriteArraySet<>());
    }

    private MemoryHints(Set<MemoryHints> ends) {
        this.ends = ends;
        ends.add(this);
    }

    /** Another end of the same bus, for another engine. */
    public MemoryHints peer() {
        return new MemoryHints(ends);
    }

    @Override
    public void announce(Map<Integer, Long> lowest) {
        for (MemoryHints end : ends) {
            if (end != this) {
                end.hear(lowest);
            }
        }
    }

    private void hear(Map<Integer, Long> lowest) {
        lock.lock();
        try {
            if (listening != null) {
                lowest.forEach((lane, place) -> waiting.merge(lane, place, Math::min));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void listen(Consumer<Map<Integer, Long>> onHint) {
        lock.lock();
        try {
            if (listening != null || closed) {
                throw new IllegalStateException("listen is called once, before close");
            }
            listening = Thread.ofVirtual().name("pulse-hints").start(() -> deliver(onHint));
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Consumer<Map<Integer, Long>> onHint) {
        for (Map<Integer, Long> lowest = take(); !lowest.isEmpty(); lowest = take()) {
            onHint.accept(lowest);
        }
    }

    /** What was heard since the last call; empty once closed. */
    private Map<Integer, Long> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Map<Integer, Long> taken = closed ? Map.of() : waiting;
            waiting = new TreeMap<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        ends.remove(this);
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
