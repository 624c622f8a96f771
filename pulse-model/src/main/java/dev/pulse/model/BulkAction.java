package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** What can be done to every job that matches a filter. */
public enum BulkAction {
    REQUEUE,
    CANCEL,
    DELETE,
    RUN_NOW;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in JSON, SQL and the audit log, for example {@code run-now}. */
    public String wireName() {
        return wireName;
    }

    /** The action of that wire name, or empty. */
    public static Optional<BulkAction> fromWire(String name) {
        for (BulkAction action : values()) {
            if (action.wireName.equals(name)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
