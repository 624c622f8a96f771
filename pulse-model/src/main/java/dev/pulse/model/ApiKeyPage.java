package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of API keys, newest first, with those that were revoked or have expired.
 *
 * @param nextCursor where the next page starts; null on the last one. Opaque
 */
public record ApiKeyPage(List<ApiKey> items, @Nullable String nextCursor) {
    public ApiKeyPage {
        items = List.copyOf(items);
    }
}
