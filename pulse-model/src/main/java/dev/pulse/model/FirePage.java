package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a schedule's fires, the latest occurrence first.
 *
 * @param nextCursor where the next page starts; null on the last one. Opaque
 */
public record FirePage(List<Fire> items, @Nullable String nextCursor) {
    public FirePage {
        items = List.copyOf(items);
    }
}
