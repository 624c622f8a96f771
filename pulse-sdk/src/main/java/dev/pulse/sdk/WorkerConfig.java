package dev.pulse.sdk;

import dev.pulse.model.Durations;
import dev.pulse.model.Limits;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.util.Set;

/**
 * How a worker works.
 *
 * @param name for people; 1 to 128 characters
 * @param concurrency slots: handlers that run at once, 1 to 10,000
 * @param queues where work is taken from; empty means all
 * @param leaseTtl how long the worker may be silent before its jobs go to others, 1 s to 1 h
 * @param drainTimeout how long a closing worker waits for its handlers before it interrupts them
 * @param stopGrace how long an interrupted handler may take to end before its attempt is ended without it
 */
public record WorkerConfig(
        String name,
        int concurrency,
        Set<String> queues,
        Duration leaseTtl,
        Duration drainTimeout,
        Duration stopGrace) {
    public static final int DEFAULT_CONCURRENCY = 10;

    public WorkerConfig {
        queues = Set.copyOf(queues);
        require(
                !name.isEmpty() && name.length() <= SessionSpec.MAX_WORKER,
                "name",
                "1 to " + SessionSpec.MAX_WORKER + " characters",
                name);
        require(
                concurrency >= 1 && concurrency <= SessionSpec.MAX_SLOTS,
                "concurrency",
                "1 to " + SessionSpec.MAX_SLOTS,
                concurrency);
        for (String queue : queues) {
            require(Limits.NAME.matcher(queue).matches(), "queues", "A-Z a-z 0-9 . _ : -", queue);
        }
        require(
                leaseTtl.compareTo(SessionSpec.MIN_LEASE) >= 0 && leaseTtl.compareTo(SessionSpec.MAX_LEASE) <= 0,
                "leaseTtl",
                "1s to 1h",
                leaseTtl);
        require(isWait(drainTimeout), "drainTimeout", "0s to " + Durations.MAX.toDays() + "d", drainTimeout);
        require(isWait(stopGrace), "stopGrace", "0s to " + Durations.MAX.toDays() + "d", stopGrace);
    }

    /** A worker of that name with every default. */
    public static WorkerConfig named(String name) {
        return new WorkerConfig(
                name,
                DEFAULT_CONCURRENCY,
                Set.of(),
                SessionSpec.DEFAULT_LEASE,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5));
    }

    /** A sixth of the lease, so that five heartbeats may get lost in a row; never above 5 s. */
    public Duration heartbeatPeriod() {
        Duration sixth = leaseTtl.dividedBy(6);
        Duration most = Duration.ofSeconds(5);
        return sixth.compareTo(most) < 0 ? sixth : most;
    }

    private static boolean isWait(Duration duration) {
        return !duration.isNegative() && duration.compareTo(Durations.MAX) <= 0;
    }

    private static void require(boolean holds, String field, String allowed, Object got) {
        if (!holds) {
            throw new IllegalArgumentException(field + ": " + allowed + " are allowed, got " + got);
        }
    }
}
