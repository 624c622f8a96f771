package dev.pulse.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit log a list shows; null matches all.
 *
 * @param since at or after
 * @param action the whole name, for example {@code job.cancel}
 */
public record AuditFilter(
        @Nullable Instant since,
        @Nullable String actor,
        @Nullable String action) {
    public static final AuditFilter ALL = new AuditFilter(null, null, null);
}
