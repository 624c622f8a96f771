package dev.pulse.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit log a list shows; null matches all.
 *
 * @param since at or after
 * @param until before
 * @param action the whole name, for example {@code job.cancel}
 * @param target what was acted on: an id or a name, as the entry has it
 */
public record AuditFilter(
        @Nullable Instant since,
        @Nullable String actor,
        @Nullable String action,
        @Nullable Instant until,
        @Nullable String target) {
    public static final AuditFilter ALL = new AuditFilter(null, null, null);

    /** Without an end, of anything. */
    public AuditFilter(@Nullable Instant since, @Nullable String actor, @Nullable String action) {
        this(since, actor, action, null, null);
    }
}
