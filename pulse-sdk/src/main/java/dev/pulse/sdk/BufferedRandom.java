package dev.pulse.sdk;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Secure random longs for ids, drawn a thousand at a time: asking the generator for each would cost more than the rest of
 * an enqueue. Thread-safe.
 */
public final class BufferedRandom implements RandomGenerator {
    private static final int BYTES = 8 * 1_024;

    private final SecureRandom source;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] bytes = new byte[BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes).position(BYTES);

    public BufferedRandom(SecureRandom source) {
        this.source = source;
    }

    @Override
    public long nextLong() {
        lock.lock();
        try {
            if (!buffer.hasRemaining()) {
                source.nextBytes(bytes);
                buffer.rewind();
            }
            return buffer.getLong();
        } finally {
            lock.unlock();
        }
    }
}
