package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was stored of a submission: written once, never changed.
 *
 * @param key the idempotency key's text, or null
 * @param createdAt when the database took it
 * @param bundleId the bundle that the job is a member of, or null
 */
public record JobFacts(
        UUID id,
        String type,
        String queue,
        int priority,
        Payload payload,
        Labels labels,
        Policy policy,
        @Nullable String key,
        Instant createdAt,
        @Nullable UUID bundleId) {
    /** A job outside any bundle. */
    public JobFacts(
            UUID id,
            String type,
            String queue,
            int priority,
            Payload payload,
            Labels labels,
            Policy policy,
            @Nullable String key,
            Instant createdAt) {
        this(id, type, queue, priority, payload, labels, policy, key, createdAt, null);
    }
}
