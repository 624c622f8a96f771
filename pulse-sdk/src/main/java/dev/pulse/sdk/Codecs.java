package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The codecs of one {@link Pulse}, of which the first that takes a class wins, and below them the chain of transforms.
 */
final class Codecs {
    private static final Pattern CODING = Pattern.compile("[a-z0-9-]{1,32}");

    private final List<PayloadCodec> codecs;
    private final List<PayloadTransform> chain;
    private final Map<String, PayloadTransform> byCoding = new LinkedHashMap<>();

    Codecs(List<PayloadCodec> found) {
        this(found, List.of());
    }

    Codecs(List<PayloadCodec> found, List<PayloadTransform> transforms) {
        codecs = new ArrayList<>();
        codecs.add(new RawCodec());
        codecs.addAll(found);
        chain = List.copyOf(transforms);
        for (PayloadTransform transform : chain) {
            String coding = transform.coding();
            if (!CODING.matcher(coding).matches()) {
                throw new IllegalArgumentException(
                        "not a coding: \"" + coding + "\"; 1 to 32 of a-z 0-9 - are allowed");
            }
            if (byCoding.put(coding, transform) != null) {
                throw new IllegalArgumentException("two transforms with the coding " + coding);
            }
        }
        Gzip gzip = Gzip.above(0);
        byCoding.putIfAbsent(gzip.coding(), gzip);
    }

    PayloadCodec forClass(Class<?> type) {
        for (PayloadCodec codec : codecs) {
            if (codec.handles(type)) {
                return codec;
            }
        }
        throw new PulseException(
                ErrorCode.CONFIGURATION,
                "no codec takes " + type.getName() + ": add pulse-jackson to the class path, or use Json or byte[]");
    }

    /** What is sent for a plain payload. */
    Payload coded(Payload plain, PayloadUse use) {
        byte[] bytes = plain.bytes();
        CodedType type = new CodedType(List.of(), plain.contentType());
        for (PayloadTransform transform : chain) {
            byte[] changed = transform.encode(bytes, use);
            if (changed != null) {
                bytes = changed;
                type = type.plus(transform.coding());
            }
        }
        if (type.codings().isEmpty()) {
            return plain;
        }
        String text = type.text();
        if (text.length() > Limits.MAX_CONTENT_TYPE) {
            throw PulseException.invalid(
                    "content_type",
                    text.length() + " characters with what was done to the payload, at most " + Limits.MAX_CONTENT_TYPE
                            + " are allowed: " + text);
        }
        return Payload.of(bytes, text);
    }

    /** The plain payload of what was sent; throws where that cannot be had. */
    Payload plain(Payload coded, PayloadUse use) {
        CodedType type = CodedType.parse(coded.contentType());
        if (type == null) {
            return coded;
        }
        byte[] bytes = coded.bytes();
        for (String coding : type.codings().reversed()) {
            PayloadTransform transform = byCoding.get(coding);
            if (transform == null) {
                throw new IllegalArgumentException(
                        "coded by " + coding + ", for which this process has no transform: add it to its options");
            }
            bytes = transform.decode(bytes, use);
        }
        return Payload.of(bytes, type.of());
    }
}
