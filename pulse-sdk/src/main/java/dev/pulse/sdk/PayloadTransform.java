package dev.pulse.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Changes the bytes of payloads and results on their way out and back, below the codec: compression, encryption. Several
 * form a chain, in the order in which {@link PulseOptions#transform} names them. What was done stands in the content type,
 * so that nothing is guessed: a payload without the mark is read as it is. Thread-safe.
 */
public interface PayloadTransform {
    /** The mark, for example {@code gzip}: 1 to 32 of {@code a-z 0-9 -}; the same in every process that reads it. */
    String coding();

    /** The changed bytes, or null to leave these as they are. What it throws refuses the enqueue, or fails the attempt. */
    byte @Nullable [] encode(byte[] plain, PayloadUse use);

    /** The bytes as they were. What it throws parks the job as {@code unreadable_payload}. */
    byte[] decode(byte[] coded, PayloadUse use);
}
