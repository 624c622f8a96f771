package dev.pulse.model;

import java.util.List;
import java.util.UUID;

/**
 * Events handed out to one consumer of a subscription, and to no other while its lease lasts.
 *
 * @param token the right to settle them
 * @param events in the order of the feed, at least one, or none where only a gap is told
 * @param delivery 1 the first time; more after a consumer failed or was lost
 * @param gap whether events before these were dropped, because their time was over, before anybody had them
 */
public record EventDelivery(UUID token, List<Event> events, int delivery, boolean gap) {
    public static final int MAX_EVENTS = 1_000;

    public EventDelivery {
        events = List.copyOf(events);
    }
}
