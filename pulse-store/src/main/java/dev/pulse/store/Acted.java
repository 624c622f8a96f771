package dev.pulse.store;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
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

    /**
     * Tells a caller who asked for the act why it was not done.
     *
     * @param verb what was to become of the job, for people: {@code canceled}
     * @throws PulseException JOB_NOT_FOUND, ILLEGAL_STATUS or KEY_CONFLICT
     */
    default void orThrow(UUID id, String verb) {
        switch (this) {
            case Done done -> {}
            case NotFound() -> throw new PulseException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id);
            case Illegal(var status) ->
                throw new PulseException(
                        ErrorCode.ILLEGAL_STATUS, "job " + id + " is " + status.wireName() + " and cannot be " + verb);
            case KeyTaken(String key, UUID holder) ->
                throw new PulseException(
                        ErrorCode.KEY_CONFLICT,
                        "job " + id + " cannot be " + verb + ": its key " + key + " is held by job " + holder);
        }
    }
}
