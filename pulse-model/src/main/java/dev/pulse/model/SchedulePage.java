package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, newest first.
 *
 * @param nextCursor where the next page starts; null on the last one. Opaque
 */
public record SchedulePage(
        List<ScheduleInfo> items, @Nullable String nextCursor) {
    public SchedulePage {
        items = List.copyOf(items);
    }
}
