package dev.pulse.server;

import java.time.Duration;

/**
 * The bounds of one worker stream (I8).
 *
 * @param messageBytes assignments are put together into messages of about this size; one job alone may be larger
 * @param outboxBytes what may wait for a worker that does not read
 * @param stall how long a worker may read nothing while something waits for it
 */
record StreamConfig(int messageBytes, int outboxBytes, Duration stall) {
    static final StreamConfig DEFAULT = new StreamConfig(1 << 20, 32 << 20, Duration.ofSeconds(20));

    StreamConfig {
        if (messageBytes < 1 || outboxBytes < messageBytes || !stall.isPositive()) {
            throw new IllegalArgumentException("stream: message-bytes, outbox-bytes and stall must be above 0, and"
                    + " outbox-bytes not below message-bytes");
        }
    }
}
