package dev.pulse.sdk;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses what is large enough to be worth it and becomes smaller by it. Every worker can read what it made. */
public final class Gzip implements PayloadTransform {
    /** No plain payload may be larger: a few bytes can claim to be gigabytes. */
    public static final int MAX_PLAIN_BYTES = 64 << 20;

    private final int above;

    private Gzip(int above) {
        this.above = above;
    }

    /** Compresses what has more than this many bytes. */
    public static Gzip above(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("0 bytes or more, got " + bytes);
        }
        return new Gzip(bytes);
    }

    @Override
    public String coding() {
        return "gzip";
    }

    @Override
    public byte @Nullable [] encode(byte[] plain, PayloadUse use) {
        if (plain.length <= above) {
            return null;
        }
        // So that nothing is sent that no worker reads; most such payloads would be refused for their size anyway.
        if (plain.length > MAX_PLAIN_BYTES) {
            throw new IllegalArgumentException(
                    plain.length + " bytes before compression, at most " + MAX_PLAIN_BYTES + " are allowed");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4 + 32);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory does not fail", e);
        }
        return out.size() < plain.length ? out.toByteArray() : null;
    }

    @Override
    public byte[] decode(byte[] coded, PayloadUse use) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(coded))) {
            byte[] plain = gzip.readNBytes(MAX_PLAIN_BYTES + 1);
            if (plain.length > MAX_PLAIN_BYTES) {
                throw new IllegalArgumentException("more than " + MAX_PLAIN_BYTES + " bytes when uncompressed");
            }
            return plain;
        } catch (IOException e) {
            throw new IllegalArgumentException("not gzip: " + e.getMessage(), e);
        }
    }
}
