package dev.pulse.localpostgres;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Bounded waits for things outside this JVM (other processes, files they write), which can only be looked at again and
 * again. Any thread. An interrupt does not end a wait, it is kept for afterwards: half a start or half a stop would
 * leave a server that nobody owns, and every wait here is bounded.
 */
final class Waits {
    private static final Duration GLANCE = Duration.ofMillis(10);

    private final LongSupplier nanos;

    Waits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Looks until the condition holds or the time is up; says whether it held. */
    boolean until(Duration limit, BooleanSupplier condition) {
        long end = nanos.getAsLong() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (nanos.getAsLong() - end >= 0) {
                    return false;
                }
                LockSupport.parkNanos(GLANCE.toNanos());
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    long now() {
        return nanos.getAsLong();
    }
}
