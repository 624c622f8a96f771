package dev.pulse.storememory;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.SubscriptionSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One subscription with what it has handed out. Touched under the lock of {@link Tables}. */
final class StoredSubscription {
    final SubscriptionSpec spec;
    final Instant createdAt;
    final List<Handed> handed = new ArrayList<>();
    final List<ParkedEvent> parked = new ArrayList<>();
    EventCursor next;
    int gaps;

    @Nullable
    Instant lastGapAt;

    EventCursor gapTold = EventCursor.START;
    boolean gapPending;

    StoredSubscription(SubscriptionSpec spec, Instant createdAt, EventCursor next) {
        this.spec = spec;
        this.createdAt = createdAt;
        this.next = next;
    }

    /** Events that are a consumer's, or wait to be handed out again. */
    static final class Handed {
        List<Event> events;
        int tries;
        final boolean gap;

        @Nullable
        UUID token;

        /** When the lease ends, or the wait. */
        Instant until;

        Handed(List<Event> events, int tries, boolean gap, Instant until) {
            this.events = events;
            this.tries = tries;
            this.gap = gap;
            this.until = until;
        }

        boolean isLost() {
            return token != null;
        }
    }
}
