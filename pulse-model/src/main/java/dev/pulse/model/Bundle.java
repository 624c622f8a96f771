package dev.pulse.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as it stands at one moment.
 *
 * @param parentId the bundle that it is a member of, or null
 * @param status decided a moment after the last member's end: until then an open bundle may have no unfinished member
 * @param counts its own members; a nested bundle is one of them
 * @param finishedAt when the final status was reached; null while open
 */
public record Bundle(
        UUID id,
        String type,
        @Nullable String origin,
        @Nullable UUID parentId,
        BundleStatus status,
        BundleCounts counts,
        List<Callback> callbacks,
        Instant createdAt,
        @Nullable Instant finishedAt) {
    /** Names the bundle to the handler of a callback. */
    public static final String HEADER_ID = "pulse.bundle-id";
    /** Tells the handler of a callback what happened, as {@link BundleEvent#field}. */
    public static final String HEADER_EVENT = "pulse.bundle-event";

    /**
     * What the bundle submits, or has submitted.
     *
     * @param jobId the job that it becomes
     * @param submittedAt null until then
     */
    public record Callback(
            BundleEvent event,
            UUID jobId,
            String type,
            @Nullable Instant submittedAt) {}

    public Bundle {
        callbacks = List.copyOf(callbacks);
    }
}
