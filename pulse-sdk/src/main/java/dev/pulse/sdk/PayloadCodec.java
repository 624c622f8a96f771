package dev.pulse.sdk;

import dev.pulse.model.Payload;

/**
 * Turns payloads and results into bytes and back. Found by {@link java.util.ServiceLoader}; the SDK itself knows
 * {@code byte[]}, {@code String}, {@link Json} and {@link Payload} only, and has no JSON library. Thread-safe.
 */
public interface PayloadCodec {
    /** Whether this codec takes values of that class. */
    boolean handles(Class<?> type);

    /** Writes a value whose class it handles; what it throws refuses the enqueue, or fails the attempt. */
    Payload encode(Object value);

    /** Reads a value; what it throws parks the job as {@code unreadable_payload}. */
    <T> T decode(Payload payload, Class<T> type);
}
