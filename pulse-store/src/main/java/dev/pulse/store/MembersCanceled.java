package dev.pulse.store;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What canceling some members of a bundle did.
 *
 * @param canceled jobs that waited, and are canceled now
 * @param asked how many running ones were asked to end
 * @param sessions that have to be told
 * @param last the last member looked at; null when there was none left
 */
public record MembersCanceled(
        List<UUID> canceled,
        int asked,
        Set<UUID> sessions,
        @Nullable UUID last) {
    public MembersCanceled {
        canceled = List.copyOf(canceled);
        sessions = Set.copyOf(sessions);
    }
}
