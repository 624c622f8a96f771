package dev.pulse.jackson;

import dev.pulse.model.Payload;
import dev.pulse.sdk.PayloadCodec;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records, beans, collections and numbers as JSON. Fields that a payload has and the class has not are passed over, so that
 * producers may be newer than workers; text after the value, and null for the whole payload, are refused. Thread-safe.
 */
public final class JacksonCodec implements PayloadCodec {
    private final ObjectMapper mapper;

    /** With defaults; this is what the class path brings. */
    public JacksonCodec() {
        this(JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build());
    }

    /** With a mapper of the application's own. */
    public JacksonCodec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean handles(Class<?> type) {
        return true;
    }

    @Override
    public Payload encode(Object value) {
        return Payload.of(mapper.writeValueAsBytes(value), Payload.JSON);
    }

    @Override
    public <T> T decode(Payload payload, Class<T> type) {
        T value = mapper.readValue(payload.bytes(), type);
        if (value == null) {
            throw new IllegalArgumentException("the payload is null, a " + type.getSimpleName() + " was expected");
        }
        return value;
    }
}
