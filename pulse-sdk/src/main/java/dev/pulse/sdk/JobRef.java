package dev.pulse.sdk;

import dev.pulse.model.Job;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.UUID;

/** A job that was just enqueued. Thread-safe. */
public final class JobRef {
    private final JobClient jobs;
    private final Submitted submitted;

    JobRef(JobClient jobs, Submitted submitted) {
        this.jobs = jobs;
        this.submitted = submitted;
    }

    public UUID id() {
        return submitted.id();
    }

    /** Whether the job was there before: same id or key, same content. */
    public boolean isDuplicate() {
        return submitted.duplicate();
    }

    /**
     * The job once it is final, or as it stands when the time is over.
     *
     * @throws PulseException JOB_NOT_FOUND when it was deleted meanwhile
     */
    public Job await(Duration timeout) {
        return jobs.await(id(), timeout);
    }

    /** Asks for the job to end; a running one ends once its worker confirms. */
    public Job cancel() {
        return jobs.cancel(id());
    }

    @Override
    public String toString() {
        return id().toString();
    }
}
