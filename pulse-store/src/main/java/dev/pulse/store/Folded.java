package dev.pulse.store;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What folding found.
 *
 * @param bundles how many had something noted
 * @param finished those that are finished now and were not before
 * @param callbacks the jobs that they became
 * @param parents bundles whose counts this changed: they are to be folded next
 */
public record Folded(int bundles, Set<UUID> finished, List<Inserted.Stored> callbacks, Set<UUID> parents) {
    public static final Folded NOTHING = new Folded(0, Set.of(), List.of(), Set.of());

    public Folded {
        finished = Set.copyOf(finished);
        callbacks = List.copyOf(callbacks);
        parents = Set.copyOf(parents);
    }
}
