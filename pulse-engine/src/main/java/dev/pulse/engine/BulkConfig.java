package dev.pulse.engine;

import java.time.Duration;

/**
 * How acts on many jobs are cut.
 *
 * @param chunk most jobs changed in one transaction
 * @param window most rows looked at for a chunk, however few of them match
 * @param countWindow most rows looked at in one part of a count
 * @param countWithin a count that takes longer says "at least"
 * @param every how often a server looks for an operation that nobody goes on with
 * @param waitMax longest wait of one call for an operation's end
 */
record BulkConfig(int chunk, int window, int countWindow, Duration countWithin, Duration every, Duration waitMax) {
    static final BulkConfig DEFAULT =
            new BulkConfig(500, 2_000, 5_000, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(30));

    BulkConfig {
        Check.range("bulk.chunk", chunk, 1, 5_000);
        Check.range("bulk.window", window, chunk, 50_000);
        Check.range("bulk.count-window", countWindow, 1, 50_000);
        Check.range("bulk.count-within", countWithin, Duration.ofMillis(1), Duration.ofMinutes(1));
        Check.range("bulk.every", every, Duration.ofMillis(10), Duration.ofMinutes(1));
        Check.range("bulk.wait-max", waitMax, Duration.ZERO, Duration.ofMinutes(5));
    }
}
