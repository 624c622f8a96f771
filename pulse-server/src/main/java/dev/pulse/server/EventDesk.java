package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.EventFeed;
import dev.pulse.engine.EventWatch;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events. Callers who are narrowed to some queues follow those of jobs in them; an event of a bundle tells no queue and is
 * not shown to them. Subscriptions concern every queue: their rules keep narrowed callers out. May block.
 */
final class EventDesk {
    private final EventFeed feed;
    private final Access access;

    EventDesk(EventFeed feed, Access access) {
        this.feed = feed;
        this.access = access;
    }

    EventWatch watch(EventFilter filter, @Nullable EventCursor after) {
        if (access.queues().isAll()) {
            return feed.watch(filter, after);
        }
        filter.queues().forEach(access::requireQueue);
        return feed.watch(event -> event.queue() != null && access.sees(event.queue()) && filter.matches(event), after);
    }

    SubscriptionInfo subscribe(SubscriptionSpec spec) {
        return feed.subscribe(spec, access.caller());
    }

    List<SubscriptionInfo> subscriptions() {
        return feed.subscriptions();
    }

    void unsubscribe(String name) {
        feed.unsubscribe(name, access.caller());
    }

    Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl, Duration wait)
            throws InterruptedException {
        return feed.lease(name, consumer, max, ttl, wait);
    }

    boolean settle(String name, UUID token) {
        return feed.settle(name, token);
    }

    boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        return feed.extend(name, token, next, ttl);
    }

    boolean fail(String name, UUID token, EventCursor failed, String error) {
        return feed.fail(name, token, failed, error);
    }

    List<ParkedEvent> parked(String name) {
        return feed.parked(name);
    }

    int unpark(String name) {
        return feed.unpark(name, access.caller());
    }
}
