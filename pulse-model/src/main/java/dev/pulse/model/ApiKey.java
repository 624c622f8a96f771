package dev.pulse.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that a program signs in with, without its secret, which nobody keeps.
 *
 * @param id the part of the key that finds it
 * @param name for people; keys may share one
 * @param createdBy who made it
 * @param expiresAt null for never
 * @param revokedAt null while it holds
 * @param lastUsedAt to the minute; null before its first use
 */
public record ApiKey(
        String id,
        String name,
        Rights rights,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable Instant lastUsedAt) {}
