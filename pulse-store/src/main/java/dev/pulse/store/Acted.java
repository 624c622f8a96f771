package dev.pulse.store;

import dev.pulse.model.JobStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to an operator's act on one job. */
public sealed interface Acted {
    /**
     * Done.
     *
     * @param status the status after the act; {@code RUNNING} where a cancel was asked for and the worker has still to
     *     confirm
     * @param lane the lane that got work, or 0
     * @param session the session that has to be told of the cancel, or null
     */
    record Done(JobStatus status, int lane, @Nullable UUID session) implements Acted {}

    /** There is no such job. */
    record NotFound() implements Acted {}

    /** Not legal in this status; nothing was changed. */
    record Illegal(JobStatus status) implements Acted {}

    /** The job's key has been taken by another job meanwhile. */
    record KeyTaken(String key, UUID holder) implements Acted {}
}
