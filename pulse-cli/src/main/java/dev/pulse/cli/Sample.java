package dev.pulse.cli;

import java.util.Arrays;
import java.util.Locale;

/** Spans that were measured, in nanoseconds, and their percentiles by nearest rank. */
record Sample(long[] sorted) {
    private static final double NANOS_PER_MILLI = 1e6;

    static Sample of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Sample(sorted);
    }

    double millis(int percentile) {
        int rank = Math.ceilDiv(percentile * sorted.length, 100);
        return sorted[Math.max(rank - 1, 0)] / NANOS_PER_MILLI;
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
                sorted.length);
    }
}
