package dev.pulse.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One start of one worker process.
 *
 * @param id random, made by the worker or the door
 * @param worker a name for people, at most {@value #MAX_WORKER} characters
 * @param types what it runs; 1 to {@value #MAX_NAMES}
 * @param queues where it takes work from, at most {@value #MAX_NAMES}; empty means all
 * @param slots how many jobs it runs at once, 1 to {@value #MAX_SLOTS}
 * @param leaseTtl how long it may be silent, 1 s to 1 h
 * @param owner the credential that opened it, set by the door and never taken from the worker; empty where nobody signed in
 */
public record SessionSpec(
        UUID id, String worker, Set<String> types, Set<String> queues, int slots, Duration leaseTtl, String owner) {
    public static final Duration MIN_LEASE = Duration.ofSeconds(1);
    public static final Duration MAX_LEASE = Duration.ofHours(1);
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

    public static final int MAX_WORKER = 128;
    public static final int MAX_NAMES = 1_000;
    public static final int MAX_SLOTS = 10_000;

    /** One that nobody owns yet. */
    public SessionSpec(UUID id, String worker, Set<String> types, Set<String> queues, int slots, Duration leaseTtl) {
        this(id, worker, types, queues, slots, leaseTtl, "");
    }

    /**
     * The spec that a worker asked for.
     *
     * @throws PulseException naming every fault
     */
    public SessionSpec {
        types = Set.copyOf(types);
        queues = Set.copyOf(queues);
        List<Violation> violations = new ArrayList<>();
        if (!Ids.isUsable(id)) {
            violations.add(new Violation("session_id", Ids.fault(id.toString())));
        }
        if (worker.length() > MAX_WORKER || !Text.isStorable(worker)) {
            violations.add(new Violation(
                    "worker", "at most " + MAX_WORKER + " characters are allowed, got " + Text.shown(worker)));
        }
        if (types.isEmpty()) {
            violations.add(new Violation("types", "name at least one"));
        }
        checkNames("types", types, violations);
        checkNames("queues", queues, violations);
        if (slots < 1 || slots > MAX_SLOTS) {
            violations.add(new Violation("slots", "1 to " + MAX_SLOTS + " are allowed, got " + slots));
        }
        if (leaseTtl.compareTo(MIN_LEASE) < 0 || leaseTtl.compareTo(MAX_LEASE) > 0) {
            violations.add(new Violation("lease_ttl", "1s to 1h are allowed, got " + Durations.format(leaseTtl)));
        }
        if (!violations.isEmpty()) {
            throw PulseException.invalid(violations);
        }
    }

    private static void checkNames(String field, Set<String> names, List<Violation> violations) {
        if (names.size() > MAX_NAMES) {
            violations.add(new Violation(field, names.size() + " names, at most " + MAX_NAMES));
            return;
        }
        for (String name : names) {
            if (!Limits.NAME.matcher(name).matches()) {
                violations.add(new Violation(field, Text.shown(name) + ": " + Text.nameFault(name)));
            }
        }
    }

    public SessionSpec ownedBy(String name) {
        return new SessionSpec(id, worker, types, queues, slots, leaseTtl, name);
    }

    public SessionSpec inQueues(Set<String> names) {
        return new SessionSpec(id, worker, types, names, slots, leaseTtl, owner);
    }

    /** Whether a job of this type and queue may be granted to the session. */
    public boolean serves(String type, String queue) {
        return types.contains(type) && (queues.isEmpty() || queues.contains(queue));
    }
}
