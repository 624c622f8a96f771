package dev.pulse.store;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import org.jspecify.annotations.Nullable;

/**
 * Where the acts of operators are read. They are written by the acts themselves, in their own transaction: whoever sees an
 * act's effect finds its entry. Append-only.
 */
public interface AuditStore {
    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException with INVALID_QUERY for a cursor that is not this list's
     */
    AuditPage list(AuditFilter filter, int limit, @Nullable String cursor);
}
