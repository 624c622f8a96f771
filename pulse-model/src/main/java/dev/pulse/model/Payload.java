package dev.pulse.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that Pulse carries and never interprets (I11): a job's payload or a result. Immutable by agreement: neither side
 * changes the array after handing it over, because copying a megabyte on each stop of the path would be waste.
 */
public final class Payload {
    public static final String JSON = "application/json";
    /** The payload of a job that was submitted without one. */
    public static final Payload EMPTY = json("{}");

    private final byte[] bytes;
    private final String contentType;

    private Payload(byte[] bytes, String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    public static Payload json(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8), JSON);
    }

    public static Payload of(byte[] bytes, String contentType) {
        return new Payload(bytes, contentType);
    }

    public byte[] bytes() {
        return bytes;
    }

    public String contentType() {
        return contentType;
    }

    public boolean isJson() {
        return contentType.equals(JSON);
    }

    public int size() {
        return bytes.length;
    }

    /** The bytes read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that
                && contentType.equals(that.contentType)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + contentType.hashCode();
    }

    @Override
    public String toString() {
        return contentType + "[" + bytes.length + " bytes]";
    }
}
