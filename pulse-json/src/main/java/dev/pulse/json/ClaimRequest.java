package dev.pulse.json;

import java.time.Duration;

/**
 * Asks for work over HTTP.
 *
 * @param max how many jobs at most
 * @param patience how long to wait for the first one
 */
public record ClaimRequest(int max, Duration patience) {
    public static final int MAX = 1_000;
    public static final Duration MAX_PATIENCE = Duration.ofSeconds(30);
}
