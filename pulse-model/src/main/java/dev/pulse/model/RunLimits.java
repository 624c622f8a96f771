package dev.pulse.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of a queue or type may run. Both hold across all servers.
 *
 * <p>The rate is a token bucket: a start takes one token, tokens come back at the rate, and at most a quarter of a second's
 * worth (but one) are kept. So any span of t seconds sees at most {@code rate * t + max(1, rate / 4)} starts.
 *
 * @param maxRunning how many jobs may run at once, 1 to {@value #MOST_RUNNING}; null: as many as there are slots
 * @param rate how many jobs may start a second, {@value #LEAST_RATE} to {@value #MOST_RATE}; null: any number
 */
public record RunLimits(
        @Nullable Integer maxRunning, @Nullable Double rate) {
    public static final int MOST_RUNNING = 1_000_000;
    public static final double LEAST_RATE = 0.001;
    public static final double MOST_RATE = 1_000_000;
    public static final RunLimits NONE = new RunLimits(null, null);

    /** Seconds of the rate that an idle line saves up. */
    private static final double BURST_SECONDS = 0.25;

    private static final double NANOS = 1e9;

    /** @throws PulseException naming each field that is out of range */
    public RunLimits {
        List<Violation> faults = new ArrayList<>();
        if (maxRunning != null && (maxRunning < 1 || maxRunning > MOST_RUNNING)) {
            faults.add(new Violation(
                    "max_running",
                    "1 to " + MOST_RUNNING + " are allowed, got " + maxRunning
                            + (maxRunning == 0 ? "; pause it to start nothing" : "")));
        }
        if (rate != null && !(rate >= LEAST_RATE && rate <= MOST_RATE)) {
            faults.add(new Violation(
                    "rate",
                    "0.001 to 1000000 starts a second are allowed, got " + rate
                            + (rate == 0 ? "; pause it to start nothing" : "")));
        }
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
    }

    public boolean isNone() {
        return maxRunning == null && rate == null;
    }

    /** How many more may start now; {@link Integer#MAX_VALUE} where nothing limits them. */
    public int room(long running, double tokens) {
        double room = maxRunning == null ? Integer.MAX_VALUE : Math.max(0, maxRunning - running);
        return (int) (rate == null ? room : Math.min(room, Math.floor(tokens)));
    }

    /** The most tokens that are kept; 1 where there is no rate. */
    public double burst() {
        return rate == null ? 1 : Math.max(1, rate * BURST_SECONDS);
    }

    /** The tokens of a bucket that was last looked at so long ago. A clock that went back takes nothing away. */
    public double refilled(double tokens, Duration elapsed) {
        double more = rate == null ? 0 : rate * Math.max(0, elapsed.toNanos()) / NANOS;
        return Math.min(burst(), tokens + more);
    }

    /** How long until the next start has its token; zero where it is there or none is needed. */
    public Duration untilNext(double tokens) {
        return rate == null || tokens >= 1
                ? Duration.ZERO
                : Duration.ofNanos((long) Math.ceil((1 - tokens) / rate * NANOS));
    }
}
