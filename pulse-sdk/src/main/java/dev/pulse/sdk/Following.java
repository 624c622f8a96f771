package dev.pulse.sdk;

import dev.pulse.model.Event;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The listeners and subscriptions of one Pulse, closed with it. Thread-safe. */
final class Following {
    private final EventClient client;
    private final String consumer;
    private final LongSupplier ticker;
    private final List<EventListening> listeners = new ArrayList<>();
    private final List<EventSubscription> subscriptions = new ArrayList<>();
    private boolean closed;

    Following(EventClient client, String consumer, LongSupplier ticker) {
        this.client = client;
        this.consumer = consumer;
        this.ticker = ticker;
    }

    synchronized EventListening listen(EventFilter filter, Consumer<Event> listener) {
        requireOpen();
        EventListening listening = new EventListening(client, filter, listener);
        listening.start();
        listeners.add(listening);
        return listening;
    }

    EventListening listenToBundles(String type, Consumer<Event> listener) {
        return listen(new EventFilter(Set.of(EventKind.BUNDLE_COMPLETED), Set.of(type), Set.of()), listener);
    }

    synchronized EventSubscription subscribe(
            String name, EventFilter filter, SubscriptionOptions options, EventHandler handler) {
        requireOpen();
        SubscriptionSpec spec = new SubscriptionSpec(name, filter, options.start());
        client.subscribe(spec);
        EventSubscription subscription = new EventSubscription(client, spec, consumer, options, handler, ticker);
        subscription.start();
        subscriptions.add(subscription);
        return subscription;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    /** Lets handlers finish the events that they have. */
    void close(Duration drain) {
        List<EventListening> heard;
        List<EventSubscription> consumed;
        synchronized (this) {
            closed = true;
            heard = List.copyOf(listeners);
            consumed = List.copyOf(subscriptions);
        }
        heard.forEach(EventListening::close);
        consumed.forEach(one -> one.close(drain));
    }
}
