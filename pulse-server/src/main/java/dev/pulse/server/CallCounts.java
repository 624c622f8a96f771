package dev.pulse.server;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts the calls at the doors. Bounded, because only routes and methods that exist and the codes of answers make new
 * entries, never anything that a caller writes. Any thread.
 */
final class CallCounts {
    /** The place of a request that no route takes. */
    static final String NO_ROUTE = "none";

    private static final Set<String> UNAUTHENTICATED = Set.of("401", "UNAUTHENTICATED");

    /**
     * Calls of one kind.
     *
     * @param door {@code http} or {@code grpc}
     * @param call the route with its method, or the method's bare name
     * @param code the HTTP status, or the gRPC status code
     */
    record Kind(String door, String call, String code) {}

    /** How many there were, and how long they took together. */
    static final class Calls {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        long count() {
            return count.sum();
        }

        long nanos() {
            return nanos.sum();
        }
    }

    private final Map<Kind, Calls> counts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> open = new ConcurrentHashMap<>();

    void http(String route, int status, long nanos) {
        ended(new Kind("http", route, Integer.toString(status)), nanos);
    }

    void grpc(String method, String code, long nanos) {
        ended(new Kind("grpc", method, code), nanos);
    }

    private void ended(Kind kind, long nanos) {
        Calls calls = counts.get(kind);
        if (calls == null) {
            calls = counts.computeIfAbsent(kind, made -> new Calls());
        }
        calls.count.increment();
        calls.nanos.add(nanos);
    }

    /** Calls refused because nobody could tell who called. */
    long unauthenticated() {
        return counts.entrySet().stream()
                .filter(entry -> UNAUTHENTICATED.contains(entry.getKey().code()))
                .mapToLong(entry -> entry.getValue().count())
                .sum();
    }

    /** A stream of that method was opened, or closed. */
    void streams(String method, int more) {
        open.computeIfAbsent(method, made -> new LongAdder()).add(more);
    }

    void each(BiConsumer<Kind, Calls> action) {
        counts.forEach(action);
    }

    void eachStream(BiConsumer<String, LongAdder> action) {
        open.forEach(action);
    }
}
