package dev.pulse.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a job's history.
 *
 * @param number the attempt, from 1; 0 for a cancel before the first
 * @param worker name of the worker process, or null where no worker was involved
 * @param endedAt null while it runs
 * @param outcome null while it runs
 */
public record Attempt(
        int number,
        @Nullable String worker,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable OutcomeKind outcome,
        @Nullable AttemptError error) {}
