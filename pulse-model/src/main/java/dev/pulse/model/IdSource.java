package dev.pulse.model;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes job and session ids: UUID version 7 (RFC 9562, section 5.7), 48 bits of milliseconds, then random bits. The time
 * in the id is what puts a job into its day's partition. As thread-safe as the two sources that it is given.
 */
public final class IdSource {
    private final InstantSource clock;
    private final RandomGenerator random;

    public IdSource(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public UUID next() {
        long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
