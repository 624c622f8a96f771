package dev.pulse.localpostgres;

import org.jspecify.annotations.Nullable;

/** The local server could not be started, reached or stopped. The message is for a person: what, where, and what to do. */
public final class LocalPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalPostgresException(String message) {
        super(message);
    }

    LocalPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
