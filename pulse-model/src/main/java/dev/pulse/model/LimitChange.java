package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of the limits of one queue or type: each one kept, set, or taken away.
 *
 * @param changesMaxRunning false keeps how many may run at once
 * @param maxRunning null takes the limit away
 * @param changesRate false keeps how many may start a second
 * @param rate null takes the limit away
 */
public record LimitChange(
        boolean changesMaxRunning,
        @Nullable Integer maxRunning,
        boolean changesRate,
        @Nullable Double rate) {
    /** Keeps both. */
    public static LimitChange none() {
        return new LimitChange(false, null, false, null);
    }

    /** Also sets how many may run at once; null takes the limit away. */
    public LimitChange maxRunning(@Nullable Integer most) {
        return new LimitChange(true, most, changesRate, rate);
    }

    /** Also sets how many may start a second; null takes the limit away. */
    public LimitChange rate(@Nullable Double starts) {
        return new LimitChange(changesMaxRunning, maxRunning, true, starts);
    }

    /** Whether nothing was asked for. */
    public boolean isEmpty() {
        return !changesMaxRunning && !changesRate;
    }

    /** @throws PulseException naming the field that is out of range */
    public RunLimits on(RunLimits limits) {
        return new RunLimits(changesMaxRunning ? maxRunning : limits.maxRunning(), changesRate ? rate : limits.rate());
    }
}
