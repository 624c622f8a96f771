package dev.pulse.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler for which no further attempt can help: the job is dead-lettered at once, with this error. For an
 * exception of somebody else's there is {@link JobType#nonRetryable(Class[])}.
 */
public final class NonRetryableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NonRetryableException(String message) {
        super(message);
    }

    public NonRetryableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
