package dev.pulse.server;

import dev.pulse.json.JobShapes;
import dev.pulse.json.Schema;
import dev.pulse.model.ErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a route says of itself: data, from which {@link OpenApi} makes the description of the whole door. Stands beside the
 * route, in the same statement. Filled at start, then only read.
 */
final class Operation {
    static final String JSON = "application/json";

    /** What a body is. */
    record Body(Schema schema, boolean required, List<String> examples) {}

    /** One way in which it goes well. */
    record Answer(String says, String contentType, Schema schema) {}

    private final String method;
    private final String path;
    private final Rule rule;
    private final Map<String, Schema> variables = new LinkedHashMap<>();
    private final Map<String, Schema> parameters = new LinkedHashMap<>();
    private final Map<String, String> examples = new LinkedHashMap<>();
    private final Map<Integer, Answer> answers = new LinkedHashMap<>();
    private final Set<ErrorCode> refusals = new LinkedHashSet<>();
    private String id = "";
    private String summary = "";
    private String detail = "";
    private @Nullable Body body;

    Operation(String method, String path, Rule rule) {
        this.method = method;
        this.path = path;
        this.rule = rule;
        for (String part : path.split("/", -1)) {
            if (part.startsWith("{")) {
                variables.put(
                        part.substring(1, part.length() - 1), part.equals("{id}") ? JobShapes.ID : JobShapes.NAME);
            }
        }
    }

    /**
     * Names it.
     *
     * @param operationId unique, the gRPC method's name where there is one
     * @param says what it does, in a few words
     */
    Operation described(String operationId, String says) {
        id = operationId;
        summary = says;
        return this;
    }

    /** More than the few words. */
    Operation detail(String sentences) {
        detail = sentences;
        return this;
    }

    /** What an open part of its path looks like, where that is neither an id nor a name. */
    Operation variable(String name, Schema schema) {
        variables.put(name, schema);
        return this;
    }

    /** A query parameter; none is required. */
    Operation takes(String parameter, Schema schema, String example) {
        parameters.put(parameter, schema);
        examples.put(parameter, example);
        return this;
    }

    /** The parameters of a list that goes on. */
    Operation takesPage() {
        return takes("limit", JobShapes.LIMIT, "10").takes("cursor", JobShapes.CURSOR, "");
    }

    /** @param sent JSON documents that it takes */
    Operation reads(Schema schema, String... sent) {
        body = new Body(schema, true, List.of(sent));
        return this;
    }

    /** A body that may be left out. */
    Operation mayRead(Schema schema, String... sent) {
        body = new Body(schema, false, List.of(sent));
        return this;
    }

    Operation answers(int status, Schema schema, String says) {
        return answers(status, JSON, schema, says);
    }

    Operation answers(int status, String contentType, Schema schema, String says) {
        answers.put(status, new Answer(says, contentType, schema));
        return this;
    }

    /** The refusals that are its own; those that every route of its kind shares come by themselves. */
    Operation refuses(ErrorCode... codes) {
        Collections.addAll(refusals, codes);
        return this;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    Rule rule() {
        return rule;
    }

    String id() {
        return id;
    }

    String summary() {
        return summary;
    }

    String detail() {
        return detail;
    }

    @Nullable
    Body body() {
        return body;
    }

    Map<String, Schema> variables() {
        return Collections.unmodifiableMap(variables);
    }

    Map<String, Schema> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** A value of each query parameter that it takes; empty where none can be told beforehand. */
    Map<String, String> examples() {
        return Collections.unmodifiableMap(examples);
    }

    Map<Integer, Answer> answers() {
        return Collections.unmodifiableMap(answers);
    }

    /** All refusals: its own, and those that come with its path, its body and its rule. */
    Set<ErrorCode> refusals() {
        Set<ErrorCode> all = new LinkedHashSet<>(refusals);
        all.addAll(List.of(
                ErrorCode.MALFORMED_REQUEST, ErrorCode.INVALID_QUERY, ErrorCode.CROSS_SITE, ErrorCode.INTERNAL));
        if (JobShapes.ID.equals(variables.get("id"))) {
            all.add(ErrorCode.INVALID_ID);
        }
        if (body != null) {
            all.addAll(List.of(
                    ErrorCode.INVALID_FIELD,
                    ErrorCode.UNKNOWN_FIELD,
                    ErrorCode.MALFORMED_BODY,
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    ErrorCode.BODY_TOO_LARGE));
        }
        if (!rule.isPublic()) {
            all.addAll(List.of(ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN, ErrorCode.LIMIT_REACHED));
            all.addAll(List.of(ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.SHUTTING_DOWN, ErrorCode.TIMED_OUT));
            if (!method.equals("GET")) {
                all.add(ErrorCode.OUTCOME_UNKNOWN);
            }
        }
        return all;
    }
}
