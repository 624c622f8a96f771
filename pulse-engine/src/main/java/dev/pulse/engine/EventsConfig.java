package dev.pulse.engine;

import java.time.Duration;

/**
 * How the feed of events is read and kept.
 *
 * @param every how often the feed is read on while somebody follows it; nobody's waiting costs nothing
 * @param chunk most events of one read
 * @param watchesMax most followers and waiting consumers of this server
 * @param backlogMax most events that wait for one slow follower before it is cut off
 * @param waitMax longest wait of a consumer's call; a longer one is cut to it
 * @param keep how long events are kept, at least; dropped a day at a time
 * @param pruneEvery how often the leader looks for days to drop
 */
public record EventsConfig(
        Duration every,
        int chunk,
        int watchesMax,
        int backlogMax,
        Duration waitMax,
        Duration keep,
        Duration pruneEvery) {
    public static final EventsConfig DEFAULT = new EventsConfig(
            Duration.ofMillis(100),
            2_000,
            2_000,
            10_000,
            Duration.ofSeconds(30),
            Duration.ofDays(3),
            Duration.ofMinutes(10));

    public EventsConfig {
        Check.range("events.every", every, Duration.ofMillis(1), Duration.ofSeconds(60));
        Check.range("events.chunk", chunk, 1, 10_000);
        Check.range("events.watches-max", watchesMax, 1, 100_000);
        Check.range("events.backlog-max", backlogMax, 1, 1_000_000);
        Check.range("events.wait-max", waitMax, Duration.ofMillis(1), Duration.ofMinutes(10));
        // Eight days are kept apart, and one of them is being written.
        Check.range("events.keep", keep, Duration.ofHours(1), Duration.ofDays(6));
        Check.range("events.prune-every", pruneEvery, Duration.ofSeconds(1), Duration.ofHours(12));
        Check.that(
                backlogMax >= chunk,
                "events.backlog-max must not be below events.chunk: one read would cut every follower off");
    }
}
