package dev.pulse.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** When the next due job that this server knows of becomes ready, on our own ticker. Any thread. */
final class DueTimer {
    static final long NEVER = Long.MAX_VALUE;

    /** Far enough: the promoter looks again long before. Keeps distant years from overflowing the ticker. */
    private static final Duration HORIZON = Duration.ofDays(1);

    private final LongSupplier ticker;
    private final Wake promoter;
    private final AtomicLong dueAt = new AtomicLong(NEVER);

    DueTimer(LongSupplier ticker, Wake promoter) {
        this.ticker = ticker;
        this.promoter = promoter;
    }

    void dueIn(Duration delay) {
        Duration near = delay.compareTo(HORIZON) > 0 ? HORIZON : delay;
        long at = ticker.getAsLong() + Math.max(0, near.toNanos());
        if (dueAt.getAndAccumulate(at, Math::min) > at) {
            promoter.signal();
        }
    }

    boolean isDue() {
        return untilDue() <= 0;
    }

    /** Nanoseconds until then; {@link #NEVER} where nothing is known. */
    long untilDue() {
        long at = dueAt.get();
        return at == NEVER ? NEVER : at - ticker.getAsLong();
    }

    /** Forgets the time; to be called before the store is asked, so that what is told meanwhile is kept. */
    void reset() {
        dueAt.set(NEVER);
    }
}
