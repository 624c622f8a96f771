package dev.pulse.model;

import java.util.regex.Pattern;

/**
 * The bounds of a submission (I8).
 *
 * @param payloadBytes largest payload, at most {@value #HARD_PAYLOAD_BYTES}
 */
public record Limits(int payloadBytes) {
    public static final int HARD_PAYLOAD_BYTES = 1 << 20;
    public static final int MAX_NAME = 128;
    public static final int MAX_KEY = 255;
    public static final int MAX_ORIGIN = 100;
    public static final int MAX_LABELS = 64;
    public static final int MAX_LABEL_VALUE = 1_024;
    public static final int MAX_CONTENT_TYPE = 128;
    public static final int MAX_BATCH = 1_000;
    public static final Limits DEFAULT = new Limits(256 * 1024);

    /** The alphabet of types, queues and label names. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1," + MAX_NAME + "}");

    public Limits {
        if (payloadBytes < 1 || payloadBytes > HARD_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payload limit: 1 to " + HARD_PAYLOAD_BYTES + " bytes are allowed, got " + payloadBytes);
        }
    }
}
