package dev.pulse.store;

import dev.pulse.model.Assignment;
import dev.pulse.model.Caller;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.Standing;
import dev.pulse.model.Submission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where jobs are kept. The six acts that change a status are insert, claim, end, promote, cancel and requeue. */
public interface JobStore {
    /**
     * Stores submissions; the answers stand in the order of the batch. Within the batch, too, the first of an id or key
     * wins and an equal one after it is a duplicate.
     *
     * @param atomic whether one refusal refuses all
     * @throws dev.pulse.model.PulseException where an atomic batch holds a refusal: it has the code of the first one and
     *     names every place, {@code jobs[7].key}; nothing is stored
     */
    List<Inserted> insert(List<Submission> batch, boolean atomic);

    /** Grants ready jobs to sessions: best priority first, then oldest (I2, I4). */
    List<Assignment> claim(Claim claim);

    /**
     * The same where lanes stand under limits, which hold exactly across all callers. Dearer than {@link #claim}: callers
     * of the same limit go one after the other, and one that would have to wait is granted nothing of its lanes.
     */
    LimitedGrant claimLimited(LimitedClaim claim);

    /**
     * Ends attempts. Only the holder of the live token changes a job (I3); a repeated report finds what it did before.
     *
     * @return one answer per report, in the order of the reports
     */
    List<Ended> end(List<Report> reports, Decider decider);

    /** Makes at most {@code limit} due jobs ready, earliest first; each queues behind what was ready before it. */
    Promoted promote(int limit);

    /** Cancels a waiting job at once; asks the worker of a running one. The caller's name goes into the history. */
    Acted cancel(UUID id, Caller by);

    /** Puts a final job back in line with a fresh budget. */
    Acted requeue(UUID id, Caller by);

    /** Makes a scheduled or retrying job ready now. A pending one is left as it is. */
    Acted runNow(UUID id, Caller by);

    /** Removes a job with its history; not while it runs. The answer carries the status that it had. */
    Acted delete(UUID id, Caller by);

    /** Cancels as Pulse itself, not audited. {@code by} is for the history. */
    default Acted cancel(UUID id, String by) {
        return cancel(id, Caller.internal(by));
    }

    /** Requeues as Pulse itself, not audited. */
    default Acted requeue(UUID id) {
        return requeue(id, Caller.internal("pulse"));
    }

    /** Runs now as Pulse itself, not audited. */
    default Acted runNow(UUID id) {
        return runNow(id, Caller.internal("pulse"));
    }

    /** Deletes as Pulse itself, not audited. */
    default Acted delete(UUID id) {
        return delete(id, Caller.internal("pulse"));
    }

    /** The job with its history. */
    Optional<Job> find(UUID id);

    /** What keeps a job waiting, by a few bounded looks; empty where there is no such job or it does not wait. */
    Optional<Standing> standing(UUID id);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException with INVALID_QUERY for a cursor that is not this list's
     */
    JobPage list(JobFilter filter, int limit, @Nullable String cursor);

    /** Those of the given jobs that stand in a final status, and those that do not exist. At most 1000 are asked for. */
    Set<UUID> finished(Set<UUID> ids);

    /** Counts the jobs stored now. */
    JobCounts counts();

    /** All lanes seen so far; cheap enough to ask every second. */
    List<Lane> lanes();
}
