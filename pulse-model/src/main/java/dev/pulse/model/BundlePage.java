package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, newest first.
 *
 * @param nextCursor where the next page starts; null on the last one. Opaque
 */
public record BundlePage(List<Bundle> items, @Nullable String nextCursor) {
    public BundlePage {
        items = List.copyOf(items);
    }
}
