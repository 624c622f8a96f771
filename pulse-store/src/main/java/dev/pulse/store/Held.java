package dev.pulse.store;

import dev.pulse.model.LeaseToken;
import java.time.Duration;
import java.util.UUID;

/**
 * A turn that a session holds.
 *
 * @param age how long ago it was claimed, by the database clock
 */
public record Held(UUID jobId, LeaseToken token, Duration age) {}
