package dev.pulse.json;

import dev.pulse.model.Timing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A timing that somebody wants to see the occurrences of.
 *
 * @param from after which instant; null for now
 * @param count 1 to 1000
 */
public record PreviewRequest(Timing timing, @Nullable Instant from, int count) {}
