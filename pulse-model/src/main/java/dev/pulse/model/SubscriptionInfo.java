package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A durable subscription as operators see it.
 *
 * @param next the first event that has not been handed out
 * @param unread events of the whole feed behind {@code next}, matching or not; counted up to {@value #UNREAD_MAX}
 * @param lag the age of the oldest of them; zero where there is none
 * @param inFlight events handed out and not settled, or waiting to be handed out again
 * @param parked events given up after too many deliveries
 * @param gaps how often events were dropped before they had been handed out
 * @param lastGapAt when that was noticed last
 */
public record SubscriptionInfo(
        String name,
        EventFilter filter,
        Instant createdAt,
        EventCursor next,
        long unread,
        Duration lag,
        long inFlight,
        long parked,
        int gaps,
        @Nullable Instant lastGapAt) {
    public static final int UNREAD_MAX = 100_000;
}
