package dev.pulse.json;

import dev.pulse.model.Durations;
import dev.pulse.model.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one object of an envelope, field by field. A field at fault is noted and skipped, so that one reading finds all
 * faults; what is not JSON at all ends the reading with the parser's exception. Each typed method reads the value of the
 * field that {@link #next} returned last.
 */
final class ObjectReader {
    private static final int MAX_DECIMAL = 40;

    private final byte[] body;
    private final JsonParser parser;
    private final Set<String> known;
    /** Fields of something else that callers may well expect here, and why they are not. */
    private final Map<String, String> misplaced;

    private final Faults faults;
    private final Set<String> seen = new HashSet<>();
    private String field = "";

    /** The parser stands on the object's opening brace. */
    ObjectReader(byte[] body, JsonParser parser, Set<String> known, Faults faults) {
        this(body, parser, known, Map.of(), faults);
    }

    /** @param misplaced fields that are refused with a sentence of their own */
    ObjectReader(byte[] body, JsonParser parser, Set<String> known, Map<String, String> misplaced, Faults faults) {
        this.misplaced = misplaced;
        this.body = body;
        this.parser = parser;
        this.known = known;
        this.faults = faults;
    }

    /** The next known field, with the parser on its value; null at the object's end. */
    @Nullable
    String next() {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (misplaced.containsKey(name)) {
                faults.invalid(name, misplaced.get(name));
            } else if (!known.contains(name)) {
                faults.unknown(Shown.text(name), "unknown field, " + Nearest.hint(name, known));
            } else if (!seen.add(name)) {
                faults.invalid(name, "is given more than once");
            } else {
                field = name;
                return name;
            }
            parser.skipChildren();
        }
        return null;
    }

    boolean saw(String name) {
        return seen.contains(name);
    }

    void text(Consumer<String> to) {
        if (expect(JsonToken.VALUE_STRING, "text")) {
            to.accept(parser.getString());
        }
    }

    /** Text that a parser of the model reads; what it refuses is a fault. */
    <T> void parsed(Function<String, T> reading, Consumer<T> to) {
        text(text -> {
            T value;
            try {
                value = reading.apply(text);
            } catch (IllegalArgumentException e) {
                faults.invalid(field, String.valueOf(e.getMessage()));
                return;
            }
            to.accept(value);
        });
    }

    void duration(Consumer<Duration> to) {
        parsed(Durations::parse, to);
    }

    void instant(Consumer<Instant> to) {
        parsed(Rfc3339::parse, to);
    }

    void id(Consumer<UUID> to) {
        text(text -> Ids.parse(text)
                .ifPresentOrElse(
                        to, () -> faults.invalid(field, "a UUID is expected, got \"" + Shown.text(text) + "\"")));
    }

    void bool(Consumer<Boolean> to) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            to.accept(token == JsonToken.VALUE_TRUE);
        } else {
            wrongType("true or false");
        }
    }

    void integer(int min, int max, IntConsumer to) {
        wholeNumber(min, max, value -> to.accept((int) value));
    }

    void wholeNumber(long min, long max, LongConsumer to) {
        String expected = "an integer from " + min + " to " + max;
        if (!isScalarNumber()) {
            wrongType(expected);
            return;
        }
        String text = parser.getString();
        // The length is looked at first: a number may have a million digits.
        boolean small = parser.currentToken() == JsonToken.VALUE_NUMBER_INT && text.length() < 19 && !text.equals("-0");
        long value = small ? Long.parseLong(text) : 0;
        if (small && value >= min && value <= max) {
            to.accept(value);
        } else {
            faults.invalid(field, expected + " is expected, got " + Shown.text(text));
        }
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Any number of a reasonable length. */
    void decimal(DoubleConsumer to) {
        if (!isScalarNumber()) {
            wrongType("a number");
            return;
        }
        String text = parser.getString();
        if (text.length() > MAX_DECIMAL) {
            faults.invalid(field, "a number of at most " + MAX_DECIMAL + " characters is expected");
        } else {
            to.accept(Double.parseDouble(text));
        }
    }

    /** An object whose values are all text, in its order. */
    void texts(Consumer<Map<String, String>> to) {
        if (!expect(JsonToken.START_OBJECT, "an object of texts")) {
            return;
        }
        String outer = field;
        Map<String, String> texts = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            field = outer + "." + Shown.text(name);
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                if (texts.put(name, parser.getString()) != null) {
                    faults.invalid(field, "is given more than once");
                }
            } else {
                wrongType("text");
            }
        }
        field = outer;
        to.accept(texts);
    }

    /** An array of at most {@code max} texts. */
    void list(int max, Consumer<List<String>> to) {
        List<String> items = new ArrayList<>();
        each(max, () -> text(items::add));
        to.accept(items);
    }

    /** Runs the reading of one element for each element of an array. */
    void each(int max, Runnable element) {
        if (!expect(JsonToken.START_ARRAY, "an array")) {
            return;
        }
        String outer = field;
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            field = outer + "[" + count + "]";
            if (count++ < max) {
                element.run();
            } else {
                parser.skipChildren();
            }
        }
        field = outer;
        if (count > max) {
            faults.invalid(field, count + " items, at most " + max);
        }
    }

    /** The reader of the object that is the current value; empty where it is none, which is then noted. */
    @Nullable
    ObjectReader object(Set<String> names) {
        return expect(JsonToken.START_OBJECT, "an object")
                ? new ObjectReader(body, parser, names, faults.under(field + "."))
                : null;
    }

    /** The same, with faults of its own whose fields are named from that object's root. */
    @Nullable
    ObjectReader object(Set<String> names, Faults own) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return new ObjectReader(body, parser, names, own);
        }
        own.invalid("", "an object is expected, got " + describe(parser.currentToken()));
        parser.skipChildren();
        return null;
    }

    /** Any value, byte for byte as it stands in the body. */
    byte[] raw() {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        // Without this a text is still unread, and the place is the one behind its opening quote.
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return Arrays.copyOfRange(body, start, end);
    }

    boolean isText() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    private boolean isScalarNumber() {
        JsonToken token = parser.currentToken();
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    private boolean expect(JsonToken wanted, String name) {
        if (parser.currentToken() == wanted) {
            return true;
        }
        wrongType(name);
        return false;
    }

    private void wrongType(String expected) {
        faults.invalid(field, expected + " is expected, got " + describe(parser.currentToken()));
        parser.skipChildren();
    }

    static String describe(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null; leave the field out instead";
            case null, default -> "nothing";
        };
    }
}
