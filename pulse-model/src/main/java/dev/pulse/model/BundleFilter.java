package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which bundles a list shows; null matches all.
 *
 * @param parentId members of this bundle
 * @param since created at or after
 * @param until created before
 * @param within where all its jobs, those of bundles in it and its callbacks are
 */
public record BundleFilter(
        @Nullable BundleStatus status,
        @Nullable String type,
        @Nullable String origin,
        @Nullable UUID parentId,
        @Nullable Instant since,
        @Nullable Instant until,
        QueueSet within) {
    public static final BundleFilter ALL = new BundleFilter(null, null, null, null, null, null);

    /** With members in any queue. */
    public BundleFilter(
            @Nullable BundleStatus status,
            @Nullable String type,
            @Nullable String origin,
            @Nullable UUID parentId,
            @Nullable Instant since,
            @Nullable Instant until) {
        this(status, type, origin, parentId, since, until, QueueSet.ALL);
    }

    /** Those of them whose jobs are all in these queues. */
    public BundleFilter within(QueueSet queues) {
        return new BundleFilter(status, type, origin, parentId, since, until, queues);
    }
}
