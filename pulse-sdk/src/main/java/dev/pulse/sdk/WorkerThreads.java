package dev.pulse.sdk;

import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * Who lends a worker its threads. {@link #own} for applications; a test that turns the worker by hand brings another.
 * Thread-safe.
 */
public interface WorkerThreads {
    /**
     * Calls the step whenever its time has come, until the worker is closed. Returns at once.
     *
     * @param step does what time asks for; returns the nanoseconds until the next, or a negative number once closed
     * @return has the step called soon, from any thread, cheaply, without calling it itself
     */
    Runnable turn(String name, LongSupplier step);

    /**
     * Has a handler run. Called under the worker's lock: must neither block nor run it within the call. The thread that it
     * runs on is interrupted when it is to stop.
     */
    void handle(String name, Runnable handler);

    /** Waits until the worker is closed. */
    void awaitClosed(CountDownLatch closed) throws InterruptedException;

    /**
     * A platform thread for the worker, a virtual one for each handler: heartbeats must go out even when handlers have
     * pinned every carrier of the virtual ones.
     */
    static WorkerThreads own() {
        return new OwnThreads();
    }
}
