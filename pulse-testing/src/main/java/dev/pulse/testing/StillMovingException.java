package dev.pulse.testing;

/** Work does not come to rest: the message lists what still moves. */
public final class StillMovingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    StillMovingException(String message) {
        super(message);
    }
}
