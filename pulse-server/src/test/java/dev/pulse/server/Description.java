package dev.pulse.server;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description of the REST door as a foreign tool reads it: operations, and schemas that a foreign validator checks. */
final class Description {
    static final JsonMapper JSON = new JsonMapper();

    private static final String HOME = "https://pulse.test/openapi.json";

    /** One method of one path. */
    record Route(String method, String path, JsonNode node) {
        String id() {
            return node.path("operationId").asString("");
        }

        boolean reads() {
            return node.has("requestBody");
        }

        JsonNode request() {
            return node.at("/requestBody/content/application~1json");
        }

        List<JsonNode> parameters(String place) {
            return node.path("parameters")
                    .valueStream()
                    .filter(parameter -> parameter.path("in").asString().equals(place))
                    .toList();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private final JsonNode document;
    private final SchemaRegistry registry;

    Description(String text) {
        this.document = JSON.readTree(text);
        // Answers are open for what later versions add. Here every object is closed, so that nothing comes undescribed.
        JsonNode closed = JSON.readTree(text);
        closed.at("/components/schemas").forEach(Description::close);
        this.registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(HOME, closed.toString())));
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }

    JsonNode document() {
        return document;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(method -> routes.add(new Route(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return routes;
    }

    /** A schema with its reference, if it is one, followed. */
    JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : document.at(reference.substring(1));
    }

    /** What the validator has against a value; the place of its schema is a JSON pointer. */
    List<String> faults(String pointer, JsonNode value) {
        return registry.getSchema(SchemaLocation.of(HOME + "#" + pointer)).validate(value).stream()
                .map(fault -> fault.getInstanceLocation() + " " + fault.getMessage())
                .toList();
    }

    JsonNode response(Route route, String status) {
        return resolved(route.node().path("responses").path(status));
    }

    List<String> faultsOfAnswer(Route route, String status, String type, JsonNode body) {
        String reference =
                route.node().path("responses").path(status).path("$ref").asString("");
        String response = reference.isEmpty() ? pointer(route, "responses", status) : reference.substring(1);
        return faults(response + "/content/" + escape(type) + "/schema", body);
    }

    String pointer(Route route, String... further) {
        StringBuilder pointer = new StringBuilder(
                "/paths/" + escape(route.path()) + "/" + route.method().toLowerCase(Locale.ROOT));
        for (String part : further) {
            pointer.append('/').append(escape(part));
        }
        return pointer.toString();
    }

    private static String escape(String part) {
        return part.replace("~", "~0").replace("/", "~1");
    }
}
