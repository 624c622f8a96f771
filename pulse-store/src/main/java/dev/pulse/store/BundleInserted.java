package dev.pulse.store;

import java.util.List;
import java.util.UUID;

/** What became of the submission of a bundle. */
public sealed interface BundleInserted {
    /** Committed as a new bundle, with its jobs in the order of the tree. */
    record Stored(UUID id, List<Inserted.Stored> members) implements BundleInserted {
        public Stored {
            members = List.copyOf(members);
        }
    }

    /** The same bundle was stored before. */
    record Duplicate(UUID id) implements BundleInserted {}
}
