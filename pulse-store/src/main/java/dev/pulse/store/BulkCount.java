package dev.pulse.store;

import org.jspecify.annotations.Nullable;

/**
 * A part of a count.
 *
 * @param cursor where to go on; null when all has been counted
 */
public record BulkCount(long matched, @Nullable String cursor) {}
