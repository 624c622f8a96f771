package dev.pulse.store;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where bundles are kept. A member is ended, canceled, requeued and deleted as any job, through {@link JobStore}; each such
 * unit of work notes once how it changed a bundle's counts. {@link #find} always sees the exact counts (I10);
 * {@link #fold} draws the conclusions.
 */
public interface BundleStore {
    /**
     * Stores a bundle with all that is in it, or nothing.
     *
     * @throws dev.pulse.model.PulseException ID_CONFLICT or KEY_CONFLICT naming every place, {@code jobs[7].key}: an id or
     *     key that is taken, be it by a job of the same content, because a job that is there already is no member;
     *     ID_CONFLICT on {@code id} where the bundle's id is that of another one
     */
    BundleInserted insert(BundleTree bundle);

    /** The bundle as it stands. */
    Optional<Bundle> find(UUID id);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException with INVALID_QUERY for a cursor that is not this list's
     */
    BundlePage list(BundleFilter filter, int limit, @Nullable String cursor);

    /**
     * Where the jobs of the bundle are, those of the bundles in it and its callbacks included; empty where there is no such
     * bundle, or none that tells, because it is of an earlier version.
     */
    Optional<Set<String>> queues(UUID id);

    /** Those of the given bundles that are finished, and those that do not exist. At most 1000 are asked for. */
    Set<UUID> finished(Set<UUID> ids);

    /** The ids of a bundle and of all bundles in it; empty where there is no such bundle. */
    List<UUID> tree(UUID id);

    /**
     * Cancels members of these bundles that wait and asks the workers of those that run, for the next {@code limit} members
     * in the order of their ids.
     *
     * @param after the last member of the call before, or null to begin
     * @param by for the history; where it is audited, the act on the first of the bundles is noted with this call
     */
    MembersCanceled cancel(List<UUID> bundles, @Nullable UUID after, int limit, Caller by);

    /** Removes a finished bundle with all that is in it, members and their history; callbacks are no members and stay. */
    BundleDeleted delete(UUID id, Caller by);

    /**
     * Adds up what was noted, decides for each bundle concerned whether it is finished or open again, and submits the
     * callbacks that follow, each once in the bundle's life, in the unit of work that decides.
     *
     * @param bundles these, or those that have waited longest where it is empty; at most 1000
     * @param limit most bundles where none is named
     */
    Folded fold(Set<UUID> bundles, int limit);
}
