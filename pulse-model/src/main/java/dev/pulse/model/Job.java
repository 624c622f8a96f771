package dev.pulse.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands at one moment.
 *
 * @param attempt the number of the last attempt, 0 before the first
 * @param runAt when a scheduled or retrying job becomes ready; else null
 * @param startedAt start of the last attempt
 * @param finishedAt when the final status was reached; else null
 * @param error the last failure
 * @param result what the handler returned
 * @param attempts the history, oldest first; empty in lists
 */
public record Job(
        JobFacts facts,
        JobStatus status,
        int attempt,
        @Nullable Instant runAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable AttemptError error,
        @Nullable Payload result,
        List<Attempt> attempts) {
    public Job {
        attempts = List.copyOf(attempts);
    }
}
