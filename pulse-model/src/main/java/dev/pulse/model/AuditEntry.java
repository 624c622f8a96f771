package dev.pulse.model;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One act of an operator, written down in the transaction that did it.
 *
 * @param actor the user's name
 * @param action what was done, for example {@code job.cancel} or {@code dispatch.pause}
 * @param target what it was done to: an id or a name; empty for the whole system
 * @param from the address that the request came from
 * @param before what the act changed, as it was
 * @param after the same as it is since
 * @param outcome {@code done}; {@code refused} where the target's status did not allow it; {@code denied} where the actor had no
 *     right to it, then {@code after} tells how many times
 */
public record AuditEntry(
        Instant at,
        String actor,
        String action,
        String target,
        String from,
        Map<String, String> before,
        Map<String, String> after,
        String outcome) {
    public static final String DONE = "done";
    public static final String REFUSED = "refused";
    public static final String DENIED = "denied";

    public AuditEntry {
        before = Collections.unmodifiableMap(new TreeMap<>(before));
        after = Collections.unmodifiableMap(new TreeMap<>(after));
    }
}
