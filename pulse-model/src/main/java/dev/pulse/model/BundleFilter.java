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
 */
public record BundleFilter(
        @Nullable BundleStatus status,
        @Nullable String type,
        @Nullable String origin,
        @Nullable UUID parentId,
        @Nullable Instant since,
        @Nullable Instant until) {
    public static final BundleFilter ALL = new BundleFilter(null, null, null, null, null, null);
}
