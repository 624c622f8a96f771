package dev.pulse.sdk;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a {@link Pulse} must not make up itself.
 *
 * @param clock wall time, for the ids of new jobs
 * @param ticker monotonic nanoseconds, for leases and timeouts
 * @param random for ids and for spreading repeats; thread-safe
 * @param threads who turns the worker and runs the handlers
 */
public record PulseRuntime(InstantSource clock, LongSupplier ticker, RandomGenerator random, WorkerThreads threads) {

    /** The process's own clock and threads. */
    static PulseRuntime own() {
        return new PulseRuntime(
                InstantSource.system(), System::nanoTime, new BufferedRandom(new SecureRandom()), WorkerThreads.own());
    }
}
