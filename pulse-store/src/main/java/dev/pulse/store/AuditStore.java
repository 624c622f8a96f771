package dev.pulse.store;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the acts of operators are read. They are written by the acts themselves, in their own transaction: whoever sees an
 * act's effect finds its entry. Append-only: nothing changes an entry, and only its retention removes it.
 */
public interface AuditStore {
    /** Writes down what was refused for lack of rights, in a unit of work of its own. At most 1000. */
    void denied(List<Denied> refused);

    /**
     * Removes the oldest entries that are older than {@code keep}; nothing where the term is over.
     *
     * @param limit most entries looked at
     * @return how many were removed; fewer than {@code limit} when none is left that old
     */
    int forget(Term term, Duration keep, int limit);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException with INVALID_QUERY for a cursor that is not this list's
     */
    AuditPage list(AuditFilter filter, int limit, @Nullable String cursor);
}
