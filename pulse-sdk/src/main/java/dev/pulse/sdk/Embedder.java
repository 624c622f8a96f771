package dev.pulse.sdk;

import javax.sql.DataSource;

/** Brings the engine into the application's own process. Found by {@link java.util.ServiceLoader}. */
public interface Embedder {
    /**
     * Starts an engine on the application's database; it stops when the connection is closed.
     *
     * @throws dev.pulse.model.PulseException DATABASE_UNAVAILABLE, DATABASE_UNSUITABLE or CONFIGURATION; then nothing is
     *     left running
     */
    Connection embed(DataSource database, EmbeddedSettings settings);
}
