package dev.pulse.embedded;

import dev.pulse.engine.EventFeed;
import dev.pulse.engine.EventWatch;
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
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.LiveEvents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The feed of an engine in the same process. Thread-safe. */
final class EngineEvents implements EventClient {
    private final EventFeed feed;

    EngineEvents(EventFeed feed) {
        this.feed = feed;
    }

    @Override
    public LiveEvents watch(EventFilter filter, @Nullable EventCursor after) {
        return new Live(feed.watch(filter, after));
    }

    private record Live(EventWatch watch) implements LiveEvents {
        @Override
        public List<Event> poll(Duration timeout) throws InterruptedException {
            return watch.poll(timeout);
        }

        @Override
        public boolean takeGap() {
            return watch.takeGap();
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    @Override
    public SubscriptionInfo subscribe(SubscriptionSpec spec) {
        return feed.subscribe(spec);
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return feed.subscriptions();
    }

    @Override
    public void unsubscribe(String name) {
        feed.unsubscribe(name);
    }

    /** On a thread of its own: an interrupt of the caller's would break a connection of the engine's. */
    @Override
    public Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl, Duration wait) {
        AtomicBoolean abandoned = new AtomicBoolean();
        FutureTask<Optional<EventDelivery>> lease = new FutureTask<>(() -> {
            Optional<EventDelivery> taken = feed.lease(name, consumer, max, ttl, wait);
            if (abandoned.get()) {
                taken.ifPresent(one -> handBack(name, one));
            }
            return taken;
        });
        Thread.ofVirtual().name("pulse-events-lease").start(lease);
        try {
            return lease.get();
        } catch (InterruptedException e) {
            abandoned.set(true);
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.OUTCOME_UNKNOWN, "interrupted while waiting for events", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PulseException trouble
                    ? trouble
                    : new PulseException(ErrorCode.INTERNAL, "the lease failed", e);
        }
    }

    /** Nobody is there to handle them: another consumer gets them in a moment. */
    private void handBack(String name, EventDelivery delivery) {
        feed.extend(name, delivery.token(), delivery.events().getFirst().id(), SessionSpec.MIN_LEASE);
    }

    @Override
    public boolean settle(String name, UUID token) {
        return feed.settle(name, token);
    }

    @Override
    public boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        return feed.extend(name, token, next, ttl);
    }

    @Override
    public boolean fail(String name, UUID token, EventCursor failed, String error) {
        return feed.fail(name, token, failed, error);
    }

    @Override
    public List<ParkedEvent> parked(String name) {
        return feed.parked(name);
    }

    @Override
    public int unpark(String name) {
        return feed.unpark(name);
    }
}
