package dev.pulse.sdk;

import dev.pulse.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The codec without a library: what is bytes or text already. */
final class RawCodec implements PayloadCodec {
    static final String BYTES = "application/octet-stream";
    static final String TEXT = "text/plain; charset=utf-8";

    private static final Set<Class<?>> KNOWN = Set.of(byte[].class, String.class, Json.class, Payload.class);

    @Override
    public boolean handles(Class<?> type) {
        return KNOWN.contains(type);
    }

    @Override
    public Payload encode(Object value) {
        return switch (value) {
            case byte[] bytes -> Payload.of(bytes, BYTES);
            case String text -> Payload.of(text.getBytes(StandardCharsets.UTF_8), TEXT);
            case Json json -> Payload.json(json.text());
            case Payload payload -> payload;
            default -> throw new IllegalArgumentException("not raw: " + value.getClass());
        };
    }

    /** Whatever its content type, so that a worker in Java can look at what any producer sent. */
    @Override
    public <T> T decode(Payload payload, Class<T> type) {
        if (type == byte[].class) {
            return type.cast(payload.bytes());
        }
        if (type == String.class) {
            return type.cast(payload.text());
        }
        return type.cast(type == Json.class ? new Json(payload.text()) : payload);
    }
}
