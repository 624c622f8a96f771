package dev.pulse.engine;

import java.time.Duration;

/**
 * The bounds of the sessions on this server (I8).
 *
 * @param sessionsMax most sessions
 * @param creditsMax most free slots of one session
 * @param pollsMax most claim calls of one session that wait at once
 * @param pollWaitMax longest wait of a claim call
 * @param closeWithin how long handing back the jobs of a closing session may take
 */
public record SessionConfig(int sessionsMax, int creditsMax, int pollsMax, Duration pollWaitMax, Duration closeWithin) {
    public static final SessionConfig DEFAULT =
            new SessionConfig(10_000, 10_000, 64, Duration.ofSeconds(30), Duration.ofSeconds(30));

    public SessionConfig {
        Check.range("session.sessions-max", sessionsMax, 1, 1_000_000);
        Check.range("session.credits-max", creditsMax, 1, 1_000_000);
        Check.range("session.polls-max", pollsMax, 1, 10_000);
        Check.range("session.poll-wait-max", pollWaitMax, Duration.ofMillis(1), Duration.ofMinutes(10));
        Check.range("session.close-within", closeWithin, Duration.ofMillis(1), Duration.ofMinutes(10));
    }
}
