package dev.pulse.model;

import java.util.List;

/**
 * A job with what keeps it waiting.
 *
 * @param waiting empty for a job that does not wait
 */
public record ExplainedJob(Job job, List<WaitReason> waiting) {
    public ExplainedJob {
        waiting = List.copyOf(waiting);
    }
}
