package dev.pulse.server;

import java.time.Duration;

/**
 * How slowly somebody at the HTTP door may speak or listen (I8).
 *
 * @param handshake until TLS is agreed on
 * @param idle between two requests, and before the first
 * @param headers from the first byte of a request until its headers are complete
 * @param grace before the pace of a body or of an answer counts
 * @param bytesPerSecond the slowest body and the slowest reader after that
 * @param perAddress connections from one address; what comes beyond is closed
 */
record PaceConfig(
        Duration handshake, Duration idle, Duration headers, Duration grace, int bytesPerSecond, int perAddress) {
    /** Idle is longer than clients keep unused connections, so that none is closed in the middle of a call. */
    static final PaceConfig DEFAULT = new PaceConfig(
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            1_024,
            2_048);

    PaceConfig {
        if (!handshake.isPositive() || !idle.isPositive() || !headers.isPositive() || !grace.isPositive()) {
            throw new IllegalArgumentException("pace: handshake, idle, headers and grace must be above 0");
        }
        if (bytesPerSecond < 1 || perAddress < 1) {
            throw new IllegalArgumentException("pace: bytes-per-second and per-address must be above 0");
        }
    }
}
