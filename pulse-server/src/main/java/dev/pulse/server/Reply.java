package dev.pulse.server;

import dev.pulse.json.ProblemJson;
import dev.pulse.model.PulseException;
import java.util.Map;

/** What a route answers. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
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
                ? Map.of("Retry-After", RETRY_AFTER_SECONDS)
                : Map.of();
        return new Reply(status, ProblemJson.CONTENT_TYPE, ProblemJson.problem(trouble), headers);
    }

    Reply with(String name, String value) {
        return new Reply(status, contentType, body, Map.of(name, value));
    }
}
