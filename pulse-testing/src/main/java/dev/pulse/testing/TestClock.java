package dev.pulse.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * The time of a test: it stands still until it is moved, and only goes forward. Delays, retries, leases and timeouts
 * follow it. Moving it runs no handler: {@link PulseTest#drain} and {@link PulseTest#elapse} do. Thread-safe; any code
 * under test that takes an {@link InstantSource} can share it.
 */
public final class TestClock implements InstantSource {
    private final Instant start;
    private final Consumer<Instant> onMove;
    private volatile Instant now;

    /** Microseconds, because PostgreSQL keeps no more: both see the same instant. */
    TestClock(Instant start, Consumer<Instant> onMove) {
        this.start = start.truncatedTo(ChronoUnit.MICROS);
        this.now = this.start;
        this.onMove = onMove;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves on.
     *
     * @throws IllegalArgumentException for less than nothing: time does not go back
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the clock only goes forward, got " + time);
        }
        moveTo(now.plus(time));
    }

    /**
     * Moves on to that instant.
     *
     * @throws IllegalArgumentException for an instant before now
     */
    public void advanceTo(Instant instant) {
        if (instant.isBefore(now)) {
            throw new IllegalArgumentException("the clock only goes forward: it is " + now + ", got " + instant);
        }
        moveTo(instant);
    }

    private void moveTo(Instant instant) {
        onMove.accept(instant.truncatedTo(ChronoUnit.MICROS));
    }

    /** One hop on the way. */
    void set(Instant instant) {
        now = instant;
    }

    /** Monotonic nanoseconds of this clock. */
    long nanos() {
        return Duration.between(start, now).toNanos();
    }
}
