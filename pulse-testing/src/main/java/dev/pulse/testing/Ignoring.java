package dev.pulse.testing;

/** A rule that jobs are ignored by, until it is closed; rules add up. Closing it twice does nothing. */
public final class Ignoring implements AutoCloseable {
    private final Runnable onClose;

    Ignoring(Runnable onClose) {
        this.onClose = onClose;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
