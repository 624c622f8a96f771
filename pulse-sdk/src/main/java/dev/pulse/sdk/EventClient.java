package dev.pulse.sdk;

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
 * The events of jobs and bundles: followed live, or consumed through durable subscriptions. {@link Pulse#on} and
 * {@link Pulse#subscribe} are made of it and are what an application wants. Every method blocks until the answer is there and
 * throws {@link dev.pulse.model.PulseException}. Thread-safe.
 */
public interface EventClient {
    /**
     * Follows events as they commit.
     *
     * @param after the last event seen; null for what commits from now on
     */
    LiveEvents watch(EventFilter filter, @Nullable EventCursor after);

    /**
     * Makes a durable subscription; one of that name with the same filter stays as it is.
     *
     * @throws dev.pulse.model.PulseException SUBSCRIPTION_CONFLICT where its filter is another one
     */
    SubscriptionInfo subscribe(SubscriptionSpec spec);

    /** In the order of their names. */
    List<SubscriptionInfo> subscriptions();

    /** Removes a subscription with all that it remembers; SUBSCRIPTION_NOT_FOUND where there is none. */
    void unsubscribe(String name);

    /**
     * Takes the next events of a subscription; while the lease lasts no other consumer gets them.
     *
     * @param consumer a name for people, at most 128 characters
     * @param max 1 to {@link EventDelivery#MAX_EVENTS}
     * @param ttl how long the consumer may be silent, 1 s to 1 h
     * @param wait how long to wait for the first event; the server cuts it to 30 s
     */
    Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl, Duration wait);

    /** All events of the delivery are handled. False where it is another consumer's meanwhile. */
    boolean settle(String name, UUID token);

    /** The events before {@code next} are handled; the rest needs {@code ttl} more. False as in {@link #settle}. */
    boolean extend(String name, UUID token, EventCursor next, Duration ttl);

    /** This event failed and comes again alone; those before it are handled. False as in {@link #settle}. */
    boolean fail(String name, UUID token, EventCursor failed, String error);

    /** The events that the subscription gave up, oldest first, at most 1000. */
    List<ParkedEvent> parked(String name);

    /** Hands parked events out again, with all their tries; returns how many. */
    int unpark(String name);
}
