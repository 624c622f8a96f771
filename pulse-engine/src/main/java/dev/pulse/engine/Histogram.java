package dev.pulse.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is measured into buckets that are fixed. Any thread; one look and two additions each time. */
final class Histogram {
    private static final double NANOS = 1e9;

    private final long[] bounds;
    private final double unit;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    private Histogram(double unit, long... bounds) {
        this.unit = unit;
        this.bounds = bounds;
        this.counts = new LongAdder[bounds.length + 1];
        Arrays.setAll(counts, place -> new LongAdder());
    }

    /** Of spans in nanoseconds, told in seconds: from a millisecond to an hour. */
    static Histogram ofTimes() {
        double[] seconds = {
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600
        };
        return new Histogram(
                NANOS, Arrays.stream(seconds).mapToLong(s -> (long) (s * NANOS)).toArray());
    }

    /** Of batches, told in pieces. */
    static Histogram ofSizes() {
        return new Histogram(1, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000);
    }

    /** Times below zero, which only a clock that was set back makes, count as none. */
    void add(long value) {
        long counted = Math.max(0, value);
        int place = Arrays.binarySearch(bounds, counted);
        counts[place < 0 ? -place - 1 : place].increment();
        sum.add(counted);
    }

    Distribution read() {
        List<Double> told =
                Arrays.stream(bounds).mapToObj(bound -> bound / unit).toList();
        return new Distribution(told, Arrays.stream(counts).map(LongAdder::sum).toList(), sum.sum() / unit);
    }
}
