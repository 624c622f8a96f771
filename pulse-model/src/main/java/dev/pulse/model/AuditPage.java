package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the audit log, newest first.
 *
 * @param nextCursor where the next page starts; null on the last one. Opaque
 */
public record AuditPage(List<AuditEntry> items, @Nullable String nextCursor) {
    public AuditPage {
        items = List.copyOf(items);
    }
}
