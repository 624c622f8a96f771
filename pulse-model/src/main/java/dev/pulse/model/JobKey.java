package dev.pulse.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency key of a job, unique per type.
 *
 * @param value 1 to 255 visible characters
 * @param ttl how long the key lives from submission, whatever the status; null: while the job is unfinished
 */
public record JobKey(String value, @Nullable Duration ttl) {}
