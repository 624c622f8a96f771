package dev.pulse.store;

import dev.pulse.model.BulkOperation;
import dev.pulse.model.Caller;
import dev.pulse.model.JobFilter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where acts on many jobs are kept while they last. An operation is a row with its filter, its place and its counts; each
 * chunk moves the place in the transaction that acts on the jobs, so that a crash repeats nothing and loses nothing, and any
 * replica may take the next one. The jobs are gone through once, in an order that none of the acts can change: each is
 * looked at once, as it stands at that moment, and those submitted after the start are left alone.
 */
public interface BulkStore {
    /** Unfinished operations at a time, all replicas together. */
    int MAX_UNFINISHED = 100;

    /**
     * Takes an operation in; it is audited.
     *
     * @throws dev.pulse.model.PulseException with LIMIT_REACHED where {@link #MAX_UNFINISHED} wait already
     */
    BulkOperation start(BulkOrder order);

    /**
     * Does one chunk of the operation that has waited longest, and is not at work elsewhere.
     *
     * @param chunk most jobs acted on, in one transaction
     * @param window most jobs looked at for it
     * @return empty where no operation is ready for a chunk
     */
    Optional<BulkStep> step(int chunk, int window);

    /**
     * Ends an operation before its time; one that has ended stays as it is.
     *
     * @return empty for an unknown id
     */
    Optional<BulkOperation> stop(UUID id, Caller by);

    Optional<BulkOperation> find(UUID id);

    /**
     * The latest operations, newest first. Finished ones are kept for 30 days.
     *
     * @param limit 1 to 1000
     */
    List<BulkOperation> list(int limit);

    /**
     * Counts the jobs that match, a part at a time.
     *
     * @param cursor as the part before gave it, or null to begin
     * @param window most jobs looked at in this part
     */
    BulkCount count(JobFilter filter, @Nullable String cursor, int window);
}
