package dev.pulse.sdk;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as their owners see them. Stop 1 of the path. Every method blocks until the answer is there and throws
 * {@link PulseException} with a stable code; on a virtual thread blocking costs nothing. Thread-safe.
 */
public interface JobClient {
    /** Returns after the commit (I1). Sending the same submission again is safe. */
    Submitted submit(Submission job);

    /** Stores all in their order, or none. At most {@link dev.pulse.model.Limits#MAX_BATCH}. */
    List<Submitted> submitAll(List<Submission> jobs);

    /**
     * Stores each job that can be stored, and says of the others why not; answers in their order. At most
     * {@link dev.pulse.model.Limits#MAX_BATCH}.
     *
     * @throws PulseException when the batch as a whole was not taken; sending it again is safe
     */
    default List<SubmitResult> submitEach(List<Submission> jobs) {
        List<SubmitResult> results = new ArrayList<>(jobs.size());
        for (Submission job : jobs) {
            results.add(SubmitResult.of(() -> submit(job)));
        }
        return results;
    }

    /** The job with its history. */
    Optional<Job> find(UUID id);

    /**
     * What the job's attempts told of themselves, oldest first; nothing where work does not come from a store that keeps
     * it.
     *
     * @param after the {@code n} of the last line seen; 0 for all
     * @param limit 1 to 1,000
     */
    default JobLog log(UUID id, long after, int limit) {
        return JobLog.NONE;
    }

    /** The job once it is final, or as it stands when the time is over. */
    Job await(UUID id, Duration timeout);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1,000
     * @param cursor of the page before, or null for the first
     */
    JobPage list(JobFilter filter, int limit, @Nullable String cursor);

    /** A running job ends once its worker confirms or its lease ends. */
    Job cancel(UUID id);

    /** A final job becomes pending with a fresh budget. */
    Job requeue(UUID id);

    /** A scheduled or retrying job becomes pending now. */
    Job runNow(UUID id);

    /** Not while it runs. */
    void delete(UUID id);

    /** One action on every job that matches; an empty filter is refused. */
    BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun);

    /** The jobs stored now. */
    JobCounts counts();
}
