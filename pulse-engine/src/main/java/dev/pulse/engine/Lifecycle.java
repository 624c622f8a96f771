package dev.pulse.engine;

import java.util.concurrent.atomic.AtomicReference;

/** Where the engine stands in its life; it only moves forward, and whoever moves it owns the step. Any thread. */
final class Lifecycle {
    enum Phase {
        NEW,
        RUNNING,
        /** Claims nothing more; everything else goes on. */
        DRAINING,
        CLOSED
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

    /** Whether this call made the move; false where the engine is there or further. */
    boolean advance(Phase to) {
        Phase from = phase.get();
        while (from.compareTo(to) < 0) {
            if (phase.compareAndSet(from, to)) {
                return true;
            }
            from = phase.get();
        }
        return false;
    }

    boolean isDraining() {
        return phase.get().compareTo(Phase.DRAINING) >= 0;
    }

    boolean isClosed() {
        return phase.get() == Phase.CLOSED;
    }

    /** Refuses what a leaving server must not begin. */
    void refuseWhenDraining() {
        if (isDraining()) {
            throw Trouble.shuttingDown();
        }
    }
}
