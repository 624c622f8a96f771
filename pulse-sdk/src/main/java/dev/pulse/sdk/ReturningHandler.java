package dev.pulse.sdk;

import org.jspecify.annotations.Nullable;

/** A {@link JobHandler} that says more than Ack. */
@FunctionalInterface
public interface ReturningHandler<T> {
    /** One of {@link Outcomes}; or the job's result, which the codec writes; or null, which means Ack. */
    @Nullable
    Object handle(JobContext job, T payload) throws Exception;
}
