package dev.pulse.sdk;

import dev.pulse.model.JobStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored job.
 *
 * @param duplicate whether it was there before: same id or key, same content
 * @param status scheduled or pending; null for a duplicate
 */
public record Submitted(
        UUID id, boolean duplicate, @Nullable JobStatus status) {}
