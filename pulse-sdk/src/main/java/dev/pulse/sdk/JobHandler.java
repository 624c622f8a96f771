package dev.pulse.sdk;

/**
 * Does the work of one type. Returning means Ack; throwing means a failed attempt, which waits the job's backoff.
 *
 * <p>Runs on a virtual thread of its own, as many at once as the worker has slots; it may block. It is interrupted when
 * the job is canceled, when its timeout is over, when the lease is lost, and when a drain runs out of time.
 */
@FunctionalInterface
public interface JobHandler<T> {
    void handle(JobContext job, T payload) throws Exception;
}
