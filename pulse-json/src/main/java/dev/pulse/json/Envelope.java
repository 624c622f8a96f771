package dev.pulse.json;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A request body: one JSON object, nothing before it and nothing behind. */
final class Envelope {
    private Envelope() {}

    /**
     * Reads a body whose root is an object of the known fields.
     *
     * @param reading reads all its fields; what it returns is returned once the end of the body has been seen
     * @throws dev.pulse.model.PulseException with MALFORMED_BODY for what is not JSON, or not an object
     */
    static <T> T read(byte[] body, Set<String> known, Faults faults, Function<ObjectReader, T> reading) {
        return read(body, known, Map.of(), faults, reading);
    }

    /** @param misplaced fields that are refused with a sentence of their own */
    static <T> T read(
            byte[] body,
            Set<String> known,
            Map<String, String> misplaced,
            Faults faults,
            Function<ObjectReader, T> reading) {
        JsonText.requireUtf8(body);
        try (JsonParser parser = JsonText.parser(body)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw JsonText.malformed("a JSON object is expected, got "
                        + (first == null ? "an empty body" : ObjectReader.describe(first)));
            }
            T result = reading.apply(new ObjectReader(body, parser, known, misplaced, faults));
            JsonText.requireEnd(parser);
            return result;
        } catch (JacksonException e) {
            throw JsonText.malformed(JsonText.reason(e));
        }
    }
}
