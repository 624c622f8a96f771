package dev.pulse.storememory;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventKind;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What happened, in its order. Touched under the lock of {@link Tables}. */
final class EventLog {
    private final NavigableMap<EventCursor, Event> events = new TreeMap<>();
    private long last;
    private EventCursor dropped = EventCursor.START;

    void tell(EventKind kind, StoredJob job, Instant now) {
        EventCursor id = new EventCursor(++last, 0, 0);
        events.put(id, new Event(id, now, kind, job.id(), job.facts.type(), job.facts.queue(), job.attempt));
    }

    void tellCompleted(StoredBundle bundle, Instant now) {
        EventCursor id = new EventCursor(++last, 0, 0);
        String type = bundle.submitted.type();
        events.put(id, new Event(id, now, EventKind.BUNDLE_COMPLETED, bundle.id(), type, null, 0));
    }

    /** Behind the last event. */
    EventCursor end() {
        return new EventCursor(last + 1, 0, 0);
    }

    /** Those at the place and behind it. */
    NavigableMap<EventCursor, Event> from(EventCursor place) {
        return events.tailMap(place, true);
    }

    /** The last one dropped; {@link EventCursor#START} before the first. */
    EventCursor dropped() {
        return dropped;
    }

    /** Forgets the older ones; returns how many. */
    int dropBefore(Instant limit) {
        int count = 0;
        while (!events.isEmpty() && events.firstEntry().getValue().at().isBefore(limit)) {
            dropped = events.pollFirstEntry().getKey();
            count++;
        }
        return count;
    }
}
