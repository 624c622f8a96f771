package dev.pulse.server;

import static java.util.stream.Collectors.joining;

import dev.pulse.json.JsonTree;
import dev.pulse.json.ProblemJson;
import dev.pulse.model.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The REST door in the words of OpenAPI 3.1, made from what its routes say of themselves. */
final class OpenApi {
    /** Of the API, not of the build: it changes when what is said here stops to be true for callers. */
    private static final String VERSION = "1";

    private static final String ABOUT = """
            Background jobs, durable in PostgreSQL. Every refusal is a problem (RFC 9457) with a code that never changes its \
            meaning. Bodies are read strictly: unknown fields are refused, and so are unknown query parameters. A POST body \
            counts as JSON also without a content type. Lists go on with the next_cursor of the page before. Answers are JSON \
            whatever Accept says.""";

    private final Map<String, Object> components = new TreeMap<>();
    private final Map<String, Object> refusals = new TreeMap<>();

    private OpenApi() {}

    /** The document, indented. */
    static byte[] document(List<Operation> operations) {
        return JsonTree.write(new OpenApi().tree(operations));
    }

    private Map<String, Object> tree(List<Operation> operations) {
        Map<String, Object> paths = new TreeMap<>();
        operations.stream()
                .sorted(Comparator.comparing(Operation::path).thenComparing(Operation::method))
                .forEach(operation -> place(paths, operation));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("openapi", "3.1.0");
        tree.put("info", map("title", "Pulse", "version", VERSION, "description", ABOUT));
        tree.put("servers", List.of(map("url", "/")));
        tree.put("security", List.of(map("basic", List.of()), map("apiKey", List.of()), map()));
        tree.put("paths", paths);
        tree.put("components", map("schemas", components, "responses", refusals, "securitySchemes", securitySchemes()));
        return tree;
    }

    private static Map<String, Object> securitySchemes() {
        return map(
                "basic",
                map("type", "http", "scheme", "basic", "description", "a user and password"),
                "apiKey",
                map("type", "http", "scheme", "bearer", "description", "an API key"));
    }

    @SuppressWarnings("unchecked") // what is put there is put there here
    private void place(Map<String, Object> paths, Operation operation) {
        Map<String, Object> methods = (Map<String, Object>)
                paths.computeIfAbsent(operation.path(), path -> new LinkedHashMap<String, Object>());
        methods.put(operation.method().toLowerCase(Locale.ROOT), operation(operation));
    }

    private Map<String, Object> operation(Operation operation) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("operationId", operation.id());
        tree.put("tags", List.of(operation.path().split("/", -1)[1]));
        tree.put("summary", operation.summary());
        String description = description(operation);
        if (!description.isEmpty()) {
            tree.put("description", description);
        }
        List<Object> parameters = parameters(operation);
        if (!parameters.isEmpty()) {
            tree.put("parameters", parameters);
        }
        if (operation.body() != null) {
            tree.put("requestBody", body(operation.body()));
        }
        tree.put("responses", responses(operation));
        if (operation.rule().isPublic()) {
            tree.put("security", List.of());
        }
        return tree;
    }

    private static String description(Operation operation) {
        String needs = operation.rule().permission() == null
                ? ""
                : "Needs the permission " + operation.rule().permission().name().toLowerCase(Locale.ROOT)
                        + (operation.rule().reach() == Rule.Reach.SYSTEM ? ", for all queues." : ".");
        return (operation.detail() + " " + needs).strip();
    }

    private List<Object> parameters(Operation operation) {
        List<Object> parameters = new ArrayList<>();
        operation
                .variables()
                .forEach((name, schema) -> parameters.add(
                        map("name", name, "in", "path", "required", true, "schema", schema.toTree(components))));
        operation.parameters().forEach((name, schema) -> {
            Map<String, Object> parameter = map("name", name, "in", "query", "schema", schema.toTree(components));
            String example = operation.examples().getOrDefault(name, "");
            if (!example.isEmpty()) {
                parameter.put("example", schema.isWhole() ? (Object) Long.valueOf(example) : example);
            }
            parameters.add(parameter);
        });
        return parameters;
    }

    private Map<String, Object> body(Operation.Body body) {
        Map<String, Object> content = map("schema", body.schema().toTree(components));
        if (!body.examples().isEmpty()) {
            Map<String, Object> examples = new LinkedHashMap<>();
            for (String example : body.examples()) {
                examples.put("example" + (examples.size() + 1), map("value", JsonTree.read(example)));
            }
            content.put("examples", examples);
        }
        return map("required", body.required(), "content", map(Operation.JSON, content));
    }

    private Map<String, Object> responses(Operation operation) {
        Map<String, Object> responses = new TreeMap<>();
        operation.answers().forEach((status, answer) -> responses.put(status.toString(), response(answer)));
        Map<Integer, List<ErrorCode>> codes = new TreeMap<>();
        operation
                .refusals()
                .forEach(code -> codes.computeIfAbsent(code.httpStatus(), status -> new ArrayList<>())
                        .add(code));
        codes.forEach((status, same) -> responses.put(status.toString(), refusal(status, same)));
        return responses;
    }

    private Map<String, Object> response(Operation.Answer answer) {
        return map(
                "description",
                answer.says(),
                "content",
                map(answer.contentType(), map("schema", answer.schema().toTree(components))));
    }

    /** Many routes share the codes of a status, so these are told once. */
    private Map<String, Object> refusal(int status, List<ErrorCode> codes) {
        codes.sort(Comparator.naturalOrder());
        String name = "Refused" + status
                + codes.stream()
                        .map(code -> code.wireName().replace("PULSE-", "_"))
                        .collect(joining());
        refusals.computeIfAbsent(name, absent -> refusal(codes));
        return map("$ref", "#/components/responses/" + name);
    }

    private Map<String, Object> refusal(List<ErrorCode> codes) {
        String says =
                codes.stream().map(code -> code.wireName() + " " + code.title()).collect(joining("; "));
        Map<String, Object> schema = new LinkedHashMap<>(ProblemJson.SHAPE.toTree(components));
        schema.put(
                "properties",
                map("code", map("enum", codes.stream().map(ErrorCode::wireName).toList())));
        return map("description", says, "content", map(ProblemJson.CONTENT_TYPE, map("schema", schema)));
    }

    /** In this order: names and values in turn. */
    private static Map<String, Object> map(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                map.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return map;
    }
}
