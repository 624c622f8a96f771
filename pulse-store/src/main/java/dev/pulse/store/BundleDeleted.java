package dev.pulse.store;

import dev.pulse.model.BundleStatus;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to the deletion of a bundle. */
public sealed interface BundleDeleted {
    /**
     * Gone, with all in it.
     *
     * @param jobs the members that are gone
     * @param parent the bundle that it was a member of, or null
     */
    record Done(Set<UUID> jobs, @Nullable UUID parent) implements BundleDeleted {
        public Done {
            jobs = Set.copyOf(jobs);
        }
    }

    /** There is no such bundle. */
    record NotFound() implements BundleDeleted {}

    /** It has unfinished members; nothing was changed. */
    record Illegal(BundleStatus status) implements BundleDeleted {}
}
