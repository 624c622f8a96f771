package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a door says of a failure: trouble as it is, anything else as a defect whose details stay in the log. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static PulseException of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PulseException trouble) {
            return trouble;
        }
        String id = "%08x".formatted(System.identityHashCode(cause));
        LOG.error("defect {}", id, cause);
        return new PulseException(ErrorCode.INTERNAL, "internal error " + id + "; the server's log has the details");
    }
}
