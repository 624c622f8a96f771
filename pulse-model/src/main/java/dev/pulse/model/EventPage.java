package dev.pulse.model;

import java.util.List;

/**
 * A piece of the feed.
 *
 * @param next where to read on
 * @param more whether more may be read at once; else the page ends where the feed ends for now
 * @param gap whether events at or behind the place read from have been dropped because their time was over
 */
public record EventPage(List<Event> events, EventCursor next, boolean more, boolean gap) {
    public EventPage {
        events = List.copyOf(events);
    }
}
