package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;

/** Tells the store's trouble, which passes, from a fault in what was sent to it, which does not. */
final class Trouble {
    private static final int SERVICE_UNAVAILABLE = 503;

    private Trouble() {}

    /** Whether the store itself was in trouble: the same call may work later. */
    static boolean isTrouble(RuntimeException e) {
        return e instanceof PulseException known && known.code().httpStatus() >= SERVICE_UNAVAILABLE;
    }

    /** Whether nobody knows if the call was done. */
    static boolean isUnknown(Throwable e) {
        return !(e instanceof PulseException known) || known.code() != ErrorCode.DATABASE_UNAVAILABLE;
    }

    /** The exception as a caller may see it. */
    static PulseException told(Throwable e) {
        return e instanceof PulseException known
                ? known
                : new PulseException(
                        ErrorCode.INTERNAL, "unexpected " + e.getClass().getName(), e);
    }

    static PulseException shuttingDown() {
        return new PulseException(ErrorCode.SHUTTING_DOWN, "this server is shutting down; send again");
    }
}
