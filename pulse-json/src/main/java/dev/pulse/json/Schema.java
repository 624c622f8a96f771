package dev.pulse.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON value looks like, in the words of JSON Schema 2020-12. Immutable; each method answers another schema. A named
 * one is a component of the description, and others refer to it.
 */
public final class Schema {
    /** Any JSON value, null included. */
    static final Schema ANY = new Schema(null, Map.of());

    private static final String PROPERTIES = "properties";
    private static final String REQUIRED = "required";

    private final @Nullable String name;
    private final Map<String, Object> keywords;

    private Schema(@Nullable String name, Map<String, Object> keywords) {
        this.name = name;
        this.keywords = keywords;
    }

    public static Schema text() {
        return ofType("string");
    }

    /** One of these texts. */
    static <E extends Enum<E>> Schema oneOf(E[] values, Function<E, String> wireName) {
        return oneOf(Arrays.stream(values).map(wireName).toList());
    }

    static Schema oneOf(List<String> texts) {
        return text().with("enum", List.copyOf(texts));
    }

    static Schema whole() {
        return ofType("integer");
    }

    static Schema whole(long min, long max) {
        return whole().with("minimum", min).with("maximum", max);
    }

    static Schema number() {
        return ofType("number");
    }

    static Schema flag() {
        return ofType("boolean");
    }

    static Schema list(Schema items) {
        return ofType("array").with("items", items);
    }

    /** An object of any names whose values all look the same. */
    static Schema map(Schema values) {
        return ofType("object").with("additionalProperties", values);
    }

    /** An object without properties yet. */
    static Schema object() {
        return ofType("object").with(PROPERTIES, Map.of());
    }

    static Schema either(Schema... choices) {
        return ANY.with("anyOf", List.of(choices));
    }

    private static Schema ofType(String type) {
        return ANY.with("type", type);
    }

    public Schema with(String keyword, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(keywords);
        more.put(keyword, value);
        return new Schema(name, more);
    }

    /** A sentence for the reader; of a named schema it is said where it is used. */
    public Schema says(String description) {
        return name == null
                ? with("description", description)
                : new Schema(null, Map.of("$ref", this)).says(description);
    }

    Schema orNull() {
        if (keywords.isEmpty()) {
            return this;
        }
        boolean plain = name == null && "string".equals(keywords.get("type")) && !keywords.containsKey("enum");
        return plain ? with("type", List.of("string", "null")) : either(this, ofType("null"));
    }

    /** A property that is always there. */
    Schema has(String property, Schema schema) {
        List<Object> required = new ArrayList<>((List<?>) keywords.getOrDefault(REQUIRED, List.of()));
        required.add(property);
        return may(property, schema).with(REQUIRED, required);
    }

    /** Without that property. */
    Schema without(String property) {
        Map<String, Object> properties = properties();
        properties.remove(property);
        return with(PROPERTIES, properties);
    }

    /** Every property may be left out, and all but {@code payload}, of which null is a value, may be null. */
    Schema orNullEach() {
        Map<String, Object> properties = properties();
        properties.replaceAll((property, schema) -> ((Schema) schema).orNull());
        Map<String, Object> rest = new LinkedHashMap<>(keywords);
        rest.remove(REQUIRED);
        return new Schema(name, rest).with(PROPERTIES, properties);
    }

    /** A property that may be left out. */
    Schema may(String property, Schema schema) {
        Map<String, Object> properties = new LinkedHashMap<>(properties());
        properties.put(property, schema);
        return with(PROPERTIES, properties);
    }

    /** The same properties under another name, to go on from there. */
    Schema like() {
        return new Schema(null, keywords);
    }

    /** A component, under that name. Objects that callers send are closed: unknown fields are refused. */
    Schema named(String component) {
        return new Schema(component, keywords);
    }

    /** An object that callers send: what is not named here is refused. */
    Schema closed() {
        return with("additionalProperties", false);
    }

    public boolean isWhole() {
        return "integer".equals(keywords.get("type"));
    }

    /** The names of its properties: what a reader knows. */
    Set<String> names() {
        return Set.copyOf(properties().keySet());
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        ((Map<?, ?>) keywords.getOrDefault(PROPERTIES, Map.of()))
                .forEach((key, value) -> properties.put((String) key, value));
        return properties;
    }

    /** As it stands where it is used: a reference where it is a component, which is then put beside the others. */
    public Map<String, Object> toTree(Map<String, Object> components) {
        if (name == null) {
            return body(components);
        }
        if (!components.containsKey(name)) {
            components.put(name, Map.of()); // it may refer to itself
            components.put(name, body(components));
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> body(Map<String, Object> components) {
        Map<String, Object> body = new LinkedHashMap<>();
        keywords.forEach((keyword, value) -> {
            if (value instanceof Schema referred && keyword.equals("$ref")) {
                body.putAll(referred.toTree(components));
            } else {
                body.put(keyword, tree(value, components));
            }
        });
        return body;
    }

    private static Object tree(Object value, Map<String, Object> components) {
        return switch (value) {
            case Schema schema -> schema.toTree(components);
            case List<?> list ->
                list.stream().map(item -> tree(item, components)).toList();
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put((String) key, tree(item, components)));
                yield copy;
            }
            default -> value;
        };
    }
}
