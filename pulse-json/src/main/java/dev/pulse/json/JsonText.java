package dev.pulse.json;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** Bytes that have to be one JSON document in strict UTF-8, not nested deeper than {@value #MAX_DEPTH}. */
public final class JsonText {
    public static final int MAX_DEPTH = 100;

    private static final int MAX_REASON = 200;

    /**
     * Only the depth is bounded here: sizes are bounded by whoever took the bytes in, and a payload may hold a number of
     * any length. Names are not interned, because they are the callers' and would stay for good.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private JsonText() {}

    /** What is wrong with a payload that claims to be JSON, or empty where nothing is. */
    public static Optional<String> fault(byte[] bytes) {
        try {
            requireUtf8(bytes);
            try (JsonParser parser = parser(bytes)) {
                if (parser.nextToken() == null) {
                    return Optional.of("is empty, a JSON value is expected");
                }
                parser.skipChildren();
                requireEnd(parser);
            }
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.of(reason(e));
        } catch (PulseException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** A parser of bytes that {@link #requireUtf8} has passed. */
    static JsonParser parser(byte[] bytes) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes);
    }

    /** Refuses what is not UTF-8. The parser itself would guess UTF-16 and let malformed sequences through. */
    static void requireUtf8(byte[] bytes) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf) {
            throw malformed("starts with a byte order mark; send plain UTF-8");
        }
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                throw malformed("looks like UTF-16 or UTF-32; send UTF-8");
            }
        }
        if (!isAscii(bytes)) {
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length), true);
            if (result.isError()) {
                throw malformed("is not UTF-8 at byte " + in.position());
            }
        }
    }

    private static boolean isAscii(byte[] bytes) {
        int bits = 0;
        for (byte b : bytes) {
            bits |= b;
        }
        return bits >= 0;
    }

    static void requireEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw malformed("holds more than one JSON document: the second starts at byte "
                    + parser.currentTokenLocation().getByteOffset());
        }
    }

    static PulseException malformed(String what) {
        return new PulseException(ErrorCode.MALFORMED_BODY, what);
    }

    /** What the parser found, as one line without its internals. */
    static String reason(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return "is nested deeper than " + MAX_DEPTH;
        }
        TokenStreamLocation at = e.getLocation();
        String message =
                String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        String shown = message.length() > MAX_REASON ? message.substring(0, MAX_REASON) + "…" : message;
        return "is not JSON" + (at == null ? "" : " at byte " + at.getByteOffset()) + ": " + shown;
    }
}
