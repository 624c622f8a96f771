package dev.pulse.sdk;

import dev.pulse.model.PulseException;
import java.util.function.Supplier;

/** What became of one job of a batch that is not all or nothing. */
public sealed interface SubmitResult {
    /** The job is durable. */
    record Stored(Submitted job) implements SubmitResult {}

    /** The job was refused for a reason of its own. */
    record Refused(PulseException reason) implements SubmitResult {}

    /** A refusal of this one job is a result; trouble that passes, and has nothing to do with the job, is thrown on. */
    static SubmitResult of(Supplier<Submitted> submit) {
        try {
            return new Stored(submit.get());
        } catch (PulseException e) {
            if (!e.code().retryable()) {
                return new Refused(e);
            }
            throw e;
        }
    }
}
