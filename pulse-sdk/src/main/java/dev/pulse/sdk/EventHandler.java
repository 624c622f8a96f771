package dev.pulse.sdk;

import dev.pulse.model.Event;

/** Handles the events of a durable subscription. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Returning means that the event is handled; it never comes again then, unless the process is lost before the server has
     * heard of it. Anything thrown means that it comes again, alone and later; after five times it is parked.
     */
    void handle(Event event) throws Exception;

    /** Events were dropped before this subscription had them: it fell behind by more days than are kept. */
    default void gap() {}
}
