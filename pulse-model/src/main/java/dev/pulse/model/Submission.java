package dev.pulse.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was asked for: valid in itself, not yet stored. Made by {@link SubmissionBuilder} only, which refuses what
 * the contract refuses.
 *
 * @param id made by the caller or by the door that took the job
 * @param when as sent, because a repeat is compared with it
 */
public record Submission(
        UUID id,
        String type,
        String queue,
        int priority,
        Payload payload,
        When when,
        Policy policy,
        @Nullable JobKey key,
        Labels labels) {

    public static final String DEFAULT_QUEUE = "default";

    /** The first 128 bits of the SHA-256 of what makes two submissions the same: type, queue, priority, payload, time. */
    public UUID contentHash() {
        MessageDigest digest = sha256();
        update(digest, type.getBytes(StandardCharsets.UTF_8));
        update(digest, queue.getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(priority).flip());
        update(digest, payload.contentType().getBytes(StandardCharsets.UTF_8));
        update(digest, payload.bytes());
        digest.update(encode(when));
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static ByteBuffer encode(When when) {
        ByteBuffer buffer = ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES);
        switch (when) {
            case When.Now() -> buffer.put((byte) 0);
            case When.At(Instant at) ->
                buffer.put((byte) 1).putLong(at.getEpochSecond()).putInt(at.getNano());
            case When.After(Duration delay) ->
                buffer.put((byte) 2).putLong(delay.getSeconds()).putInt(delay.getNano());
        }
        return buffer.flip();
    }

    /** The length leads, so that no two lists of fields have the same bytes. */
    private static void update(MessageDigest digest, byte[] field) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).flip());
        digest.update(field);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
