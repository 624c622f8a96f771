package dev.pulse.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Wall clock and ticker that stand still until they are moved, together or apart. */
final class Time implements InstantSource, LongSupplier {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final AtomicLong wallNanos = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong(1_000);

    @Override
    public Instant instant() {
        return START.plusNanos(wallNanos.get());
    }

    @Override
    public long getAsLong() {
        return ticks.get();
    }

    void advance(Duration time) {
        jump(time);
        ticks.addAndGet(time.toNanos());
    }

    /** The wall clock alone. */
    void jump(Duration time) {
        wallNanos.addAndGet(time.toNanos());
    }
}
