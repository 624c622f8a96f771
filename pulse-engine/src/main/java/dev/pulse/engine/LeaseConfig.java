package dev.pulse.engine;

import java.time.Duration;

/**
 * How this server shows that it lives, how one server becomes the leader, and when an outage excuses silent workers.
 *
 * @param beat how often the server writes its sign of life and stands for leader
 * @param leaderTtl how long a leader that fell silent keeps the others waiting
 * @param outage a silence of the store longer than this pushes every lease forward (E5); also the silence of all servers
 *     that a starting one takes for an outage
 * @param clockJump a jump of the store's clock, against our own, that counts as an outage
 * @param flushSessions most sessions in one heartbeat statement
 */
public record LeaseConfig(Duration beat, Duration leaderTtl, Duration outage, Duration clockJump, int flushSessions) {
    public static final LeaseConfig DEFAULT = new LeaseConfig(
            Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(2), 1_000);

    public LeaseConfig {
        Check.range("lease.beat", beat, Duration.ofMillis(10), Duration.ofSeconds(10));
        Check.range("lease.leader-ttl", leaderTtl, Duration.ofMillis(30), Duration.ofSeconds(60));
        Check.range("lease.outage", outage, Duration.ofMillis(20), Duration.ofSeconds(60));
        Check.range("lease.clock-jump", clockJump, Duration.ofMillis(100), Duration.ofSeconds(60));
        Check.range("lease.flush-sessions", flushSessions, 1, 100_000);
        Check.that(
                leaderTtl.compareTo(beat.multipliedBy(3)) >= 0,
                "lease.leader-ttl must be at least three times lease.beat: one late beat must not change the leader");
        Check.that(
                outage.compareTo(beat.multipliedBy(2)) >= 0,
                "lease.outage must be at least twice lease.beat: one late beat is no outage");
    }
}
