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

    /** The schedule that made the job, or null. */
    public @Nullable UUID scheduleId() {
        String id = labels.headers().get(ScheduleInfo.HEADER_ID);
        return id == null ? null : Ids.parse(id).orElse(null);
    }

    /** The occurrence that the job was made for, RFC 3339; null where no schedule made it. */
    public @Nullable String occurrence() {
        return labels.headers().get(ScheduleInfo.HEADER_OCCURRENCE);
    }
}
