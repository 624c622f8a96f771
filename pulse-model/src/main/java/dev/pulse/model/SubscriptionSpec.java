package dev.pulse.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A durable subscription as it is asked for. Its filter is for life: what was handed out has to be found again.
 *
 * @param name of the group whose consumers share the events; 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
 */
public record SubscriptionSpec(String name, EventFilter filter, Start start) {
    /** Which event a new subscription begins with. */
    public enum Start {
        /** The first that commits from now on. */
        NOW,
        /** The oldest that is kept. */
        EARLIEST
    }

    /**
     * The subscription that somebody asked for.
     *
     * @throws PulseException naming the fault
     */
    public SubscriptionSpec {
        List<Violation> violations = new ArrayList<>();
        if (!Limits.NAME.matcher(name).matches()) {
            violations.add(new Violation("name", Text.shown(name) + ": " + Text.nameFault(name)));
        }
        if (!violations.isEmpty()) {
            throw PulseException.invalid(violations);
        }
    }
}
