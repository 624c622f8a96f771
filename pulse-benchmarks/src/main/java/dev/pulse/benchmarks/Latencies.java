package dev.pulse.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Percentiles of a sample, by the nearest-rank method. */
record Latencies(long[] sortedNanos) {
    static Latencies of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    double millis(double percentile) {
        if (sortedNanos.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percentile / 100 * sortedNanos.length);
        return sortedNanos[Math.clamp(rank - 1, 0, sortedNanos.length - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, max %.2f ms (n=%d)",
                millis(50),
                millis(95),
                millis(99),
                millis(100),
                sortedNanos.length);
    }
}
