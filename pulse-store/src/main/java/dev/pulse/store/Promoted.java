package dev.pulse.store;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion moved.
 *
 * @param lanes the lanes that got work
 * @param untilNext how long until the next job is due, zero or less when some are due already; null when none waits
 */
public record Promoted(
        int count, Set<Integer> lanes, @Nullable Duration untilNext) {}
