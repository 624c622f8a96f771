package dev.pulse.model;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * One start of one worker process.
 *
 * @param id random, made by the worker or the door
 * @param worker a name for people
 * @param types what it runs; not empty
 * @param queues where it takes work from; empty means all
 * @param slots how many jobs it runs at once
 * @param leaseTtl how long it may be silent, 1 s to 1 h
 */
public record SessionSpec(UUID id, String worker, Set<String> types, Set<String> queues, int slots, Duration leaseTtl) {
    public static final Duration MIN_LEASE = Duration.ofSeconds(1);
    public static final Duration MAX_LEASE = Duration.ofHours(1);
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

    public SessionSpec {
        types = Set.copyOf(types);
        queues = Set.copyOf(queues);
        if (leaseTtl.compareTo(MIN_LEASE) < 0 || leaseTtl.compareTo(MAX_LEASE) > 0) {
            throw new IllegalArgumentException("lease_ttl: 1s to 1h are allowed, got " + Durations.format(leaseTtl));
        }
    }

    /** Whether a job of this type and queue may be granted to the session. */
    public boolean serves(String type, String queue) {
        return types.contains(type) && (queues.isEmpty() || queues.contains(queue));
    }
}
