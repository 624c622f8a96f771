package dev.pulse.server;

import dev.pulse.json.ProblemJson;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers.
 *
 * @param stream what writes the body piece by piece, in place of {@code body}; null for an answer that is there as a whole
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable Stream stream) {
    /** Writes a body until it ends or the reader is gone, which is an {@link IOException}. */
    @FunctionalInterface
    interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    static Reply stream(String contentType, Stream stream) {
        return new Reply(200, contentType, new byte[0], Map.of(), stream);
    }

    private static final String JSON = "application/json";
    private static final String RETRY_AFTER_SECONDS = "1";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    static Reply ok(byte[] json) {
        return json(200, json);
    }

    static Reply json(int status, byte[] json) {
        return new Reply(status, JSON, json, Map.of());
    }

    static Reply created(String location, byte[] json) {
        return new Reply(201, JSON, json, Map.of("Location", location));
    }

    static Reply problem(PulseException trouble) {
        int status = trouble.code().httpStatus();
        Map<String, String> headers = status == TOO_MANY_REQUESTS || status == UNAVAILABLE
                ? Map.of("Retry-After", seconds(trouble.retryAfter()))
                : Map.of();
        return new Reply(status, ProblemJson.CONTENT_TYPE, ProblemJson.problem(trouble), headers);
    }

    private static String seconds(@Nullable Duration wait) {
        return wait == null
                ? RETRY_AFTER_SECONDS
                : String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    Reply with(String name, String value) {
        return new Reply(status, contentType, body, Map.of(name, value));
    }
}
