package dev.pulse.embedded;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, as the SDK tells it: trouble as it is, anything else as a defect with its cause. */
final class Trouble {
    private Trouble() {}

    static PulseException of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof PulseException trouble
                ? trouble
                : new PulseException(ErrorCode.INTERNAL, "the engine failed: " + cause, cause);
    }

    static boolean isSessionGone(PulseException trouble) {
        return trouble.code() == ErrorCode.SESSION_ENDED || trouble.code() == ErrorCode.SESSION_NOT_FOUND;
    }
}
