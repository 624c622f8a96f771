package dev.pulse.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The real clock, the real ticker and real chance: the one place of the server that touches them. Any thread. */
final class SystemTime implements InstantSource {
    static final SystemTime INSTANCE = new SystemTime();

    private final SecureRandom random = new SecureRandom();

    private SystemTime() {}

    @Override
    public Instant instant() {
        return Instant.now();
    }

    long nanos() {
        return System.nanoTime();
    }

    void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For what nobody is to guess. */
    SecureRandom secrets() {
        return random;
    }

    RandomGenerator random() {
        return random;
    }
}
