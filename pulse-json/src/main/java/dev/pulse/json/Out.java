package dev.pulse.json;

import dev.pulse.model.Payload;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes shapes; a thin skin over the generator that knows what our fields hold. */
final class Out {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private Out(JsonGenerator json) {
        this.json = json;
    }

    /** One object with the fields that are written, as UTF-8. */
    static byte[] object(Consumer<Out> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            fields.accept(new Out(json));
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** A list as every door shows it. */
    static <T> byte[] page(Iterable<T> items, @Nullable String nextCursor, ItemWriter<T> item) {
        return object(out -> {
            out.objects("items", items, item);
            out.text("next_cursor", nextCursor);
        });
    }

    @FunctionalInterface
    interface ItemWriter<T> {
        void write(Out out, T item);
    }

    /** Null is written as null. Lone surrogates, which no encoder can write, are replaced. */
    void text(String name, @Nullable String value) {
        json.writeName(name);
        string(value);
    }

    void instant(String name, @Nullable Instant value) {
        text(name, value == null ? null : value.toString());
    }

    void number(String name, long value) {
        json.writeNumberProperty(name, value);
    }

    void decimal(String name, double value) {
        json.writeName(name);
        json.writeNumber(
                new BigDecimal(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()));
    }

    /** Seconds, with a fraction only where there is one. */
    void seconds(String name, Duration value) {
        json.writeName(name);
        json.writeNumber(new BigDecimal(
                BigDecimal.valueOf(value.toMillis(), 3).stripTrailingZeros().toPlainString()));
    }

    void nothing(String name) {
        json.writeNullProperty(name);
    }

    void bool(String name, boolean value) {
        json.writeBooleanProperty(name, value);
    }

    void texts(String name, Map<String, String> value) {
        json.writeObjectPropertyStart(name);
        value.forEach(this::text);
        json.writeEndObject();
    }

    void texts(String name, Iterable<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(this::string);
        json.writeEndArray();
    }

    /** JSON byte for byte as it came in; anything else as base64 under a name that says so. */
    void payload(String name, Payload payload) {
        if (payload.isJson()) {
            json.writeName(name);
            json.writeRawValue(payload.text());
        } else {
            json.writeName(name + "_base64");
            json.writeBinary(payload.bytes());
        }
    }

    void object(String name, Consumer<Out> fields) {
        json.writeObjectPropertyStart(name);
        fields.accept(this);
        json.writeEndObject();
    }

    <T> void objects(String name, Iterable<T> items, ItemWriter<T> writer) {
        json.writeArrayPropertyStart(name);
        for (T item : items) {
            json.writeStartObject();
            writer.write(this, item);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void string(@Nullable String value) {
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(Shown.encodable(value));
        }
    }
}
