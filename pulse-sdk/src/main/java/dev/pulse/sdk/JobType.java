package dev.pulse.sdk;

import dev.pulse.model.Limits;
import dev.pulse.model.Payload;

/**
 * The name that selects a handler, and what its payload is in Java. Usually a constant that producer and worker share.
 *
 * @param name 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
 * @param payload the class that the codec writes and reads
 */
public record JobType<T>(String name, Class<T> payload) {
    public JobType {
        if (!Limits.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a job type: \"" + name + "\"; 1 to " + Limits.MAX_NAME
                    + " of A-Z a-z 0-9 . _ : - are allowed");
        }
    }

    public static <T> JobType<T> of(String name, Class<T> payload) {
        return new JobType<>(name, payload);
    }

    /** A type whose payload stays as it is; also for jobs without one. */
    public static JobType<Payload> of(String name) {
        return new JobType<>(name, Payload.class);
    }
}
