package dev.pulse.json;

import dev.pulse.model.JobFilter;

/** One act on all jobs that match. */
public record BulkRequest(Action action, JobFilter filter, boolean dryRun) {
    public enum Action {
        REQUEUE,
        CANCEL,
        DELETE
    }
}
