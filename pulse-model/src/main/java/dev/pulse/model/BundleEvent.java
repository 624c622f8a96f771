package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** What a bundle can call back for. Each becomes at most one job in the life of a bundle. */
public enum BundleEvent {
    /** Every member is final for the first time, however they ended. */
    COMPLETE,
    /** Every member has completed for the first time, be it after a requeue. */
    SUCCESS,
    /** The first member was dead-lettered; the others may still run. */
    DEAD_LETTER;

    private final String field = "on_" + name().toLowerCase(Locale.ROOT);

    /** The name of the callback at every door, for example {@code on_complete}. */
    public String field() {
        return field;
    }

    /** The event of that field, or empty. */
    public static Optional<BundleEvent> fromField(String name) {
        for (BundleEvent event : values()) {
            if (event.field.equals(name)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }
}
