package dev.pulse.engine;

import java.util.List;

/**
 * How something measured was spread, since the start of this server.
 *
 * @param bounds the upper bounds of the buckets, ascending, in the unit of what was measured (seconds, or pieces)
 * @param counts how many fell into each bucket and none before it; one more than bounds, the last without a bound
 * @param sum of all that was measured
 */
public record Distribution(List<Double> bounds, List<Long> counts, double sum) {
    public Distribution {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
    }

    /** How many were measured. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
