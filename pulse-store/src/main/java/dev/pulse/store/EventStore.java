package dev.pulse.store;

import dev.pulse.model.Caller;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventPage;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The feed of what happened to jobs and bundles, and the durable subscriptions to it. An event is written by the very
 * transaction that it tells of. The feed ends before the oldest transaction that is still undecided: nothing is ever added
 * before a place that has been read, however late it commits.
 */
public interface EventStore {
    /** Most deliveries of one subscription that are in flight or wait to be handed out again. */
    int MAX_DELIVERIES = 256;

    Caller SELF = Caller.internal("pulse");

    /** How often an event is handed out before it is parked. */
    int MAX_TRIES = 5;

    /** A place before all that is still undecided: reading from here shows all that commits from now on. */
    EventCursor end();

    /**
     * Reads events in the order of the feed.
     *
     * @param from the first place to read
     * @param limit most events, 1 to 10000
     */
    EventPage read(EventCursor from, int limit);

    /**
     * Makes a subscription; one of that name with the same filter stays as it is. What is made, removed or handed out again is
     * audited, with the act.
     *
     * @throws dev.pulse.model.PulseException SUBSCRIPTION_CONFLICT where its filter is another one
     */
    SubscriptionInfo subscribe(SubscriptionSpec spec, Caller by);

    /** The same on behalf of the program itself, which is not audited; so are the two below. */
    default SubscriptionInfo subscribe(SubscriptionSpec spec) {
        return subscribe(spec, SELF);
    }

    /** In the order of their names. */
    List<SubscriptionInfo> subscriptions();

    Optional<SubscriptionInfo> subscription(String name);

    /** Removes a subscription with all that it remembers; false where there is none. */
    boolean unsubscribe(String name, Caller by);

    default boolean unsubscribe(String name) {
        return unsubscribe(name, SELF);
    }

    /**
     * Hands events to a consumer: those whose last delivery failed or whose consumer was lost first, else the next ones.
     * What two deliveries in a row lost is halved, so that the event that kills its consumers is found; after
     * {@link #MAX_TRIES} deliveries alone it is parked.
     *
     * @param consumer a name for people
     * @param max most events, 1 to {@link EventDelivery#MAX_EVENTS}
     * @param ttl how long the consumer may be silent, 1 s to 1 h
     * @return empty where there is nothing for now
     * @throws dev.pulse.model.PulseException SUBSCRIPTION_NOT_FOUND
     */
    Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl);

    /** All events of the delivery are handled. False where it is another consumer's meanwhile: they will come again. */
    boolean settle(String name, UUID token);

    /**
     * The events before {@code next} are handled, and the consumer needs the rest for {@code ttl} more. False as in
     * {@link #settle}.
     */
    boolean extend(String name, UUID token, EventCursor next, Duration ttl);

    /**
     * The events before this one are handled, this one failed. It comes again alone, later and later, until it is parked;
     * the consumer goes on with those behind it. False as in {@link #settle}.
     */
    boolean fail(String name, UUID token, EventCursor failed, String error);

    /** Those given up, oldest first. */
    List<ParkedEvent> parked(String name, int limit);

    /** Hands parked events out again, each alone and with all its tries; returns how many. At most 1000 a call. */
    int unpark(String name, Caller by);

    default int unpark(String name) {
        return unpark(name, SELF);
    }

    /**
     * Drops what is older than {@code keep}, a day's events at a time; for the leader of this term.
     *
     * @return how many days were dropped
     */
    int prune(Term term, Duration keep);
}
