package dev.pulse.sdk;

import dev.pulse.model.EventDelivery;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;

/**
 * How a subscription is consumed.
 *
 * @param start what a new subscription begins with; one that exists goes on where it stood
 * @param chunk most events that one consumer holds, 1 to {@link EventDelivery#MAX_EVENTS}
 * @param leaseTtl how long a lost consumer's events wait for another one, 1 s to 1 h; extended while a handler runs
 */
public record SubscriptionOptions(SubscriptionSpec.Start start, int chunk, Duration leaseTtl) {
    public static final SubscriptionOptions DEFAULT =
            new SubscriptionOptions(SubscriptionSpec.Start.NOW, 100, SessionSpec.DEFAULT_LEASE);

    public SubscriptionOptions {
        if (chunk < 1 || chunk > EventDelivery.MAX_EVENTS) {
            throw new IllegalArgumentException(
                    "chunk: 1 to " + EventDelivery.MAX_EVENTS + " are allowed, got " + chunk);
        }
        if (leaseTtl.compareTo(SessionSpec.MIN_LEASE) < 0 || leaseTtl.compareTo(SessionSpec.MAX_LEASE) > 0) {
            throw new IllegalArgumentException("leaseTtl: 1s to 1h are allowed, got " + leaseTtl);
        }
    }

    public SubscriptionOptions fromEarliest() {
        return new SubscriptionOptions(SubscriptionSpec.Start.EARLIEST, chunk, leaseTtl);
    }

    public SubscriptionOptions chunk(int events) {
        return new SubscriptionOptions(start, events, leaseTtl);
    }

    public SubscriptionOptions leaseTtl(Duration ttl) {
        return new SubscriptionOptions(start, chunk, ttl);
    }
}
