package dev.pulse.sdk;

import java.time.Duration;

/**
 * A backoff that the worker computes, for what the job's own cannot express: the wait that a server asked for, or another
 * one for each kind of failure. The attempt is charged as any failure. Called on the handler's thread; thread-safe.
 *
 * <p>Where it throws, or returns null, something negative or more than a hundred years, the job's own backoff counts, and
 * the log says so once for each type.
 */
@FunctionalInterface
public interface RetryBackoff {
    /**
     * How long the job waits after this failure.
     *
     * @param job its {@link JobContext#attempt} counts every attempt since the submission, also those of before a requeue
     */
    Duration after(JobContext job, Throwable thrown) throws Exception;
}
