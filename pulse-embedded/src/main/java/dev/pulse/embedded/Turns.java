package dev.pulse.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Who lends an embedded connection its threads. {@link #ownThreads} for applications; a test that turns the engine by
 * hand brings its own. Thread-safe.
 */
public interface Turns {
    /** A line of work of its own: what is given to it runs one after another. */
    Line line(String name);

    /**
     * Waits for an answer of the engine, which turns by itself or is turned meanwhile.
     *
     * @param patience far beyond what the engine's own bounds allow
     * @throws dev.pulse.model.PulseException what the engine answered; TIMED_OUT when the patience is over; SHUTTING_DOWN
     *     on an interrupt, which stays set
     */
    <T> T await(CompletableFuture<T> answer, Duration patience);

    /** Work that runs one after another, never within the call that brings it. */
    interface Line {
        /** Whether it will run; false once closed. */
        boolean execute(Runnable task);

        /** Runs the task after a while, unless the line is closed before. */
        void after(Duration wait, Runnable task);

        /** Lets what was brought run, and takes no more. */
        void close();
    }

    /** A platform thread for each line, so that leases are kept even when handlers pin every carrier of virtual threads. */
    static Turns ownThreads() {
        return new OwnThreads();
    }
}
