package dev.pulse.testing;

/** A handler threw a checked exception, the cause; an unchecked one is thrown as it is. */
public final class HandlerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HandlerFailedException(String job, Throwable cause) {
        super("the handler of " + job + " threw " + cause, cause);
    }
}
