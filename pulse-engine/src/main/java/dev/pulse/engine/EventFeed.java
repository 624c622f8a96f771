package dev.pulse.engine;

import dev.pulse.model.Caller;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.store.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of jobs and bundles, for the wire and for embedders: followed live, or consumed through durable subscriptions.
 * Any thread; every call may block on the store.
 */
public final class EventFeed {
    /** Longest list of parked events. */
    public static final int MAX_PARKED = 1_000;

    /** A waiting consumer looks by itself so often: for deliveries that are due again, of which no event tells. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final EventStore store;
    private final EventTail tail;
    private final EventsConfig config;
    private final LongSupplier ticker;

    EventFeed(EventStore store, EventTail tail, EventsConfig config, LongSupplier ticker) {
        this.store = store;
        this.tail = tail;
        this.config = config;
        this.ticker = ticker;
    }

    /**
     * Follows the feed. Not durable: who reads too slowly is cut off, and who comes back with the last id it saw has missed
     * nothing that is still kept.
     *
     * @param after the last event seen; null for what commits from now on
     * @throws PulseException INVALID_FIELD for a place that the feed has not reached
     */
    public EventWatch watch(EventFilter filter, @Nullable EventCursor after) {
        return watch(filter::matches, after);
    }

    /** As above, for followers who see a part of the feed for reasons that no filter tells. */
    public EventWatch watch(Predicate<Event> filter, @Nullable EventCursor after) {
        EventCursor end = store.end();
        if (after != null && after.compareTo(end) >= 0) {
            throw PulseException.invalid("after", after + " is not the id of an event that was ever shown");
        }
        EventCursor from = after == null ? end : after.next();
        return new EventWatch(store, tail, filter, from, config.chunk(), config.backlogMax());
    }

    /** Sends every follower and waiting consumer away: the server leaves. They may go on at another one. */
    public void dismiss() {
        tail.close();
    }

    /** Followers that were cut off since the start because they were too slow. */
    public long cutOff() {
        return tail.cutOff();
    }

    /** Makes a subscription; see {@link EventStore#subscribe}. */
    public SubscriptionInfo subscribe(SubscriptionSpec spec) {
        return subscribe(spec, EventStore.SELF);
    }

    /** The same, audited. */
    public SubscriptionInfo subscribe(SubscriptionSpec spec, Caller by) {
        return store.subscribe(spec, by);
    }

    public List<SubscriptionInfo> subscriptions() {
        return store.subscriptions();
    }

    /**
     * Removes a subscription with all that it remembers.
     *
     * @throws PulseException SUBSCRIPTION_NOT_FOUND
     */
    public void unsubscribe(String name) {
        unsubscribe(name, EventStore.SELF);
    }

    /** The same, audited. */
    public void unsubscribe(String name, Caller by) {
        if (!store.unsubscribe(name, by)) {
            throw notFound(name);
        }
    }

    /**
     * Hands events to a consumer; waits for the first one.
     *
     * @param max 1 to {@link EventDelivery#MAX_EVENTS}
     * @param ttl 1 s to 1 h
     * @param wait none or more; cut to the server's longest
     * @return empty when the time is over
     * @throws PulseException INVALID_FIELD, SUBSCRIPTION_NOT_FOUND, LIMIT_REACHED, SHUTTING_DOWN
     */
    public Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl, Duration wait)
            throws InterruptedException {
        check(consumer, max, ttl);
        Optional<EventDelivery> delivery = store.lease(name, consumer, max, ttl);
        if (delivery.isPresent() || wait.isZero() || wait.isNegative()) {
            return delivery;
        }
        Duration bounded = wait.compareTo(config.waitMax()) > 0 ? config.waitMax() : wait;
        long deadline = ticker.getAsLong() + bounded.toNanos();
        EventFilter filter =
                store.subscription(name).orElseThrow(() -> notFound(name)).filter();
        EventTail.Bell bell = new EventTail.Bell(filter);
        tail.hang(bell);
        try {
            while (true) { // asked again first: what came before the bell hung did not ring it
                delivery = store.lease(name, consumer, max, ttl);
                long left = deadline - ticker.getAsLong();
                if (delivery.isPresent() || left <= 0 || tail.isClosed()) {
                    return delivery;
                }
                bell.await(Math.min(left, LOOK));
            }
        } finally {
            tail.take(bell);
        }
    }

    private static void check(String consumer, int max, Duration ttl) {
        if (consumer.length() > SessionSpec.MAX_WORKER || consumer.indexOf(0) >= 0) {
            throw PulseException.invalid(
                    "consumer", "at most " + SessionSpec.MAX_WORKER + " characters without U+0000 are allowed");
        }
        if (max < 1 || max > EventDelivery.MAX_EVENTS) {
            throw PulseException.invalid("max", "1 to " + EventDelivery.MAX_EVENTS + " are allowed, got " + max);
        }
        checkTtl(ttl);
    }

    private static void checkTtl(Duration ttl) {
        if (ttl.compareTo(SessionSpec.MIN_LEASE) < 0 || ttl.compareTo(SessionSpec.MAX_LEASE) > 0) {
            throw PulseException.invalid("ttl", "1s to 1h are allowed, got " + Durations.format(ttl));
        }
    }

    /** All events of the delivery are handled; see {@link EventStore#settle}. */
    public boolean settle(String name, UUID token) {
        return store.settle(name, token);
    }

    /** The events before {@code next} are handled; see {@link EventStore#extend}. */
    public boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        checkTtl(ttl);
        return store.extend(name, token, next, ttl);
    }

    /** This event failed, those before it are handled; see {@link EventStore#fail}. */
    public boolean fail(String name, UUID token, EventCursor failed, String error) {
        return store.fail(name, token, failed, error);
    }

    /** The events given up, oldest first, at most {@value #MAX_PARKED}. */
    public List<ParkedEvent> parked(String name) {
        requireKnown(name);
        return store.parked(name, MAX_PARKED);
    }

    /** Hands parked events out again; see {@link EventStore#unpark}. */
    public int unpark(String name) {
        return unpark(name, EventStore.SELF);
    }

    /** The same, audited. */
    public int unpark(String name, Caller by) {
        requireKnown(name);
        return store.unpark(name, by);
    }

    private void requireKnown(String name) {
        if (store.subscription(name).isEmpty()) {
            throw notFound(name);
        }
    }

    private static PulseException notFound(String name) {
        return new PulseException(ErrorCode.SUBSCRIPTION_NOT_FOUND, "there is no subscription " + name);
    }
}
