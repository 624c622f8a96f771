package dev.pulse.engine;

import dev.pulse.store.Hints;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stop 4 of the path: tells the claimer of this server, and by hints those of the others, that lanes got work. A signal
 * may be lost at no cost but time. Any thread.
 */
final class LaneSignals {
    /** No lane has this number: it says that the switches have changed. */
    static final int SWITCHES = 0;

    private final Hints hints;
    private final Wake claimer;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Integer, Long> ready = new HashMap<>();
    private Set<Integer> freed = new HashSet<>();

    LaneSignals(Hints hints, Wake claimer) {
        this.hints = hints;
        this.claimer = claimer;
    }

    /** Work became ready here; {@code lowest} has the lowest place per lane. */
    void ready(Map<Integer, Long> lowest) {
        if (lowest.isEmpty()) {
            return;
        }
        note(lowest);
        hints.announce(Map.copyOf(lowest));
    }

    /** Work became ready here, queued behind all that was ready before. */
    void readyAtTheEnd(Set<Integer> lanes) {
        Map<Integer, Long> lowest = new HashMap<>();
        lanes.forEach(lane -> lowest.put(lane, Hints.AT_THE_END));
        ready(lowest);
    }

    /** A pause or a limit was changed here. */
    void switched() {
        readyAtTheEnd(Set.of(SWITCHES));
    }

    /** Jobs of limited lanes have ended here: there may be room for others. */
    void freed(Set<Integer> lanes) {
        if (lanes.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            freed.addAll(lanes);
        } finally {
            lock.unlock();
        }
        claimer.signal();
    }

    /** The lanes in which room was made since the last call. The claimer only. */
    Set<Integer> takeFreed() {
        lock.lock();
        try {
            if (freed.isEmpty()) {
                return Set.of();
            }
            Set<Integer> taken = freed;
            freed = new HashSet<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Another server said so. */
    void hinted(Map<Integer, Long> lowest) {
        note(lowest);
    }

    /** What was signalled since the last call. The claimer only. */
    Map<Integer, Long> take() {
        lock.lock();
        try {
            if (ready.isEmpty()) {
                return Map.of();
            }
            Map<Integer, Long> taken = ready;
            ready = new HashMap<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void note(Map<Integer, Long> lowest) {
        lock.lock();
        try {
            lowest.forEach((lane, seq) -> ready.merge(lane, seq, Math::min));
        } finally {
            lock.unlock();
        }
        claimer.signal();
    }
}
