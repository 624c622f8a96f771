package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ErrorCode;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.server.Description.Route;
import dev.pulse.server.TestServer.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Drives each route from its description: what it says to send is sent, good and bad, and what comes back has to be what it
 * says. A route that is not described, or not as it is, is red here.
 */
final class OpenApiTest {
    private static final Path PAGE = Path.of("..", "docs", "openapi.json");

    private static TestServer server;
    private static Description description;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        description = new Description(server.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Route> routes() {
        return description.routes();
    }

    static List<Route> readers() {
        return routes().stream().filter(Route::reads).toList();
    }

    @Test
    void thePageIsWhatTheServerSays() throws IOException {
        String served = server.get("/openapi.json").body();
        if ("write".equals(System.getProperty("pulse.docs"))) {
            Files.writeString(PAGE, served);
        }
        assertThat(PAGE)
                .as("docs/openapi.json is made from the routes: write it anew with ./dev docs and commit it")
                .content()
                .isEqualTo(served);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aRouteSaysWhatItIs(Route route) {
        assertThat(route.id())
                .as("say .described(operationId, summary) where %s is added", route)
                .matches("[a-z][A-Za-z]+");
        assertThat(route.node().path("summary").asString("")).isNotEmpty();
        assertThat(route.node().path("responses").propertyNames())
                .as("say what %s .answers", route)
                .anyMatch(status -> status.startsWith("2"));
        assertThat(route.reads())
                .as("say what %s .reads", route)
                .isEqualTo(route.method().equals("POST") || route.method().equals("PATCH"));
    }

    @Test
    void anOperationHasANameOfItsOwn() {
        assertThat(routes().stream().map(Route::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void itsExamplesAreValid(Route route) {
        int place = 0;
        for (JsonNode parameter : route.node().path("parameters")) {
            if (parameter.has("example")) {
                assertThat(description.faults(
                                description.pointer(route, "parameters", String.valueOf(place), "schema"),
                                parameter.path("example")))
                        .as(parameter.path("name").asString())
                        .isEmpty();
            }
            place++;
        }
        for (JsonNode example : route.request().path("examples")) {
            assertThat(description.faults(
                            description.pointer(route, "requestBody", "content", "application/json", "schema"),
                            example.path("value")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void itAnswersItsExamplesAsItSays(Route route) throws Exception {
        if (route.id().equals("watchEvents")) {
            theStreamOfEventsIsWhatItSays(route);
            return;
        }
        String query = route.parameters("query").stream()
                .filter(parameter -> parameter.has("example"))
                .map(parameter -> parameter.path("name").asString() + "="
                        + URLEncoder.encode(parameter.path("example").asString(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        List<JsonNode> bodies = new ArrayList<>();
        route.request().path("examples").forEach(example -> bodies.add(example.path("value")));
        if (!route.node().at("/requestBody/required").asBoolean(true) || bodies.isEmpty()) {
            bodies.add(null);
        }
        for (JsonNode body : bodies) {
            for (String asked :
                    waits(route) ? Set.of("?" + query) : query.isEmpty() ? Set.of("") : Set.of("", "?" + query)) {
                Answer answer = send(route, fixture(route) + asked, body == null ? "" : body.toString());
                assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
                assertIsAsItSays(route, answer);
            }
        }
    }

    private void theStreamOfEventsIsWhatItSays(Route route) throws IOException, InterruptedException {
        HttpRequest request = server.request("/events?type=told").GET().build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
            server.post("/jobs", "{\"type\":\"told\"}");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (!line.startsWith("data: ")) {
                    line = lines.readLine();
                }
                assertThat(description.faultsOfAnswer(
                                route,
                                "200",
                                "text/event-stream",
                                Description.JSON.readTree(line.substring("data: ".length()))))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void itKnowsTheParametersThatItNames(Route route) {
        if (route.id().equals("getMetrics")) {
            return; // takes whatever a scraper adds
        }
        Answer answer = send(route, fixture(route) + "?qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq=1", "");

        assertRefused(route, answer, ErrorCode.INVALID_QUERY);
        assertThat(known(answer)).isEqualTo(names(route.parameters("query")));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void itKnowsTheFieldsThatItNames(Route route) {
        String stranger = "{\"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\":1,\"version\":1}";
        Set<String> named = new TreeSet<>(schemaOf(route).path("properties").propertyNames());

        Answer answer = send(
                route, fixture(route), named.contains("version") ? stranger : stranger.replace(",\"version\":1", ""));

        assertRefused(route, answer, ErrorCode.UNKNOWN_FIELD);
        assertThat(known(answer)).isEqualTo(named);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void itReadsEachFieldThatItNames(Route route) {
        JsonNode schema = schemaOf(route);
        schema.path("properties").propertyStream().forEach(property -> {
            ObjectNode body = (ObjectNode) sample(schema);
            body.set(property.getKey(), sample(property.getValue()));
            Answer answer = send(route, fixture(route), body.toString());
            assertThat(answer.status()).as(body + " " + answer.body()).isLessThan(500);
            assertThat(answer.field("code")).as(body + " " + answer.body()).isNotEqualTo("PULSE-1002");
            assertIsAsItSays(route, answer);
        });
    }

    @ParameterizedTest
    @MethodSource("readers")
    void b71ItRefusesWhatIsNoBodyOfItsOwn(Route route) {
        String path = fixture(route);

        assertRefused(route, send(route, path, "{"), ErrorCode.MALFORMED_BODY);
        assertRefused(route, send(route, path, "[]"), ErrorCode.MALFORMED_BODY);
        Answer xml = server.send(server.request(path)
                .header("Content-Type", "text/xml")
                .method(route.method(), HttpRequest.BodyPublishers.ofString("{}")));
        assertRefused(route, xml, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void itRefusesIdsThatNobodyHas(Route route) {
        String body = route.reads() ? good(route) : "";
        if (route.path().contains("{id}") && !route.id().equals("reportResults")) {
            Answer unknown =
                    send(route, route.path().replace("{id}", UUID.randomUUID().toString()), body);
            assertThat(unknown.status()).as(unknown.body()).isEqualTo(404);
            assertIsAsItSays(route, unknown);
        }
        if (isUuid(route)) {
            assertRefused(route, send(route, route.path().replace("{id}", "no-id"), body), ErrorCode.INVALID_ID);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void b73APathNamesTheMethodsThatItTakes(Route route) {
        Answer answer = server.send(server.request(fixture(route)).method("PUT", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.field("code")).isEqualTo(ErrorCode.METHOD_NOT_ALLOWED.wireName());
        Set<String> allowed = new TreeSet<>(Arrays.asList(answer.header("Allow").split(", ", -1)));
        Set<String> described = routes().stream()
                .filter(other -> other.path().equals(route.path()))
                .map(Route::method)
                .collect(Collectors.toCollection(TreeSet::new));
        if (described.contains("GET")) {
            described.add("HEAD");
        }
        assertThat(allowed).isEqualTo(described);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void b72ItAnswersInJsonWhateverAcceptSays(Route route) {
        if (route.method().equals("GET") && !route.id().equals("watchEvents")) {
            String path = fixture(route) + (waits(route) ? "?timeout=1ms" : "");
            Answer answer = server.send(
                    server.request(path).header("Accept", "text/html").GET());
            assertThat(answer.status()).isIn(200, 202);
            assertIsAsItSays(route, answer);
        }
    }

    private static void assertRefused(Route route, Answer answer, ErrorCode code) {
        assertThat(answer.field("code")).as(answer.body()).isEqualTo(code.wireName());
        assertThat(answer.status()).isEqualTo(code.httpStatus());
        assertIsAsItSays(route, answer);
    }

    /** The status is one that it names, and the body is what it says of that status, to the last field. */
    private static void assertIsAsItSays(Route route, Answer answer) {
        String status = String.valueOf(answer.status());
        String type = answer.header("Content-Type");
        assertThat(description.response(route, status).path("content").propertyNames())
                .as("%s answered %s: %s", route, status, answer.body())
                .contains(type);
        JsonNode body = type.contains("json")
                ? Description.JSON.readTree(answer.body())
                : Description.JSON.getNodeFactory().stringNode(answer.body());
        assertThat(description.faultsOfAnswer(route, status, type, body))
                .as(answer.body())
                .isEmpty();
        if (answer.status() == 201 && answer.header("Location").isEmpty()) {
            assertThat(route.id()).as("a created thing has its place").isEqualTo("submitJobs");
        }
    }

    /** Whether it would wait for long, if not told otherwise. */
    private static boolean waits(Route route) {
        return names(route.parameters("query")).contains("timeout");
    }

    private static Answer send(Route route, String path, String body) {
        return server.send(server.request(path)
                .header("Content-Type", "application/json")
                .method(
                        route.method(),
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode schemaOf(Route route) {
        return description.resolved(route.request().path("schema"));
    }

    private static boolean isUuid(Route route) {
        return route.parameters("path").stream()
                .anyMatch(
                        parameter -> parameter.at("/schema/format").asString("").equals("uuid"));
    }

    private static Set<String> names(List<JsonNode> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.path("name").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a refusal of an unknown name says is known. */
    private static Set<String> known(Answer answer) {
        String message =
                Description.JSON.readTree(answer.body()).at("/errors/0/message").asString();
        int list = message.indexOf("known are ");
        return list < 0
                ? Set.of()
                : new TreeSet<>(Arrays.asList(
                        message.substring(list + "known are ".length()).split(", ", -1)));
    }

    private static String good(Route route) {
        JsonNode example = route.request().at("/examples/example1/value");
        return example.isMissingNode() ? "" : example.toString();
    }

    /** Some value of that shape, with what it requires. */
    private static JsonNode sample(JsonNode given) {
        JsonNode schema = description.resolved(given);
        if (schema.has("anyOf")) {
            return sample(schema.path("anyOf").path(0));
        }
        if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.path(0).asString() : type.asString("")) {
            case "object" -> {
                ObjectNode object = Description.JSON.createObjectNode();
                schema.path("required")
                        .forEach(name -> object.set(
                                name.asString(),
                                sample(schema.path("properties").path(name.asString()))));
                yield object;
            }
            case "array" -> {
                ArrayNode array = Description.JSON.createArrayNode();
                yield array.add(sample(schema.path("items")));
            }
            case "integer" -> Description.JSON.getNodeFactory().numberNode(1);
            case "number" -> Description.JSON.getNodeFactory().numberNode(1.5);
            case "boolean" -> Description.JSON.getNodeFactory().booleanNode(true);
            case "string" -> Description.JSON.getNodeFactory().stringNode(text(schema));
            default -> Description.JSON.createObjectNode();
        };
    }

    private static String text(JsonNode schema) {
        return switch (schema.path("format").asString("")) {
            case "uuid" -> UUID.randomUUID().toString();
            case "date-time" -> "2030-01-01T00:00:00Z";
            case "date" -> "2030-01-01";
            default -> schema.path("maxLength").asInt(0) == 64 ? "5m" : "a";
        };
    }

    /** The route's path, leading to something on which it can act. */
    private static String fixture(Route route) {
        String path = route.path();
        if (!path.contains("{")) {
            return path;
        }
        String thing = switch (path.split("/", -1)[1]) {
            case "jobs" -> job(route);
            case "dlq" -> deadLetter();
            case "bundles" -> bundle(route);
            case "schedules" -> schedule(route);
            case "sessions" ->
                server.post("/sessions", "{\"types\":[\"nothing\"]}").field("session_id");
            case "bulk" ->
                server.post("/jobs/bulk", "{\"action\":\"cancel\",\"filter\":{\"type\":\"nothing\"}}")
                        .field("id");
            case "subscriptions" -> subscription();
            case "keys" -> server.post("/keys", "{\"role\":\"viewer\"}").field("id");
            case "queues", "types" -> "some-name";
            default -> throw new AssertionError("say here what " + route + " can act on");
        };
        return path.replaceFirst("\\{\\w+}", thing);
    }

    private static String job(Route route) {
        String job =
                server.post("/jobs", "{\"type\":\"fixture\",\"delay\":\"1h\"}").field("id");
        if (route.id().equals("requeueJob")) {
            server.post("/jobs/" + job + "/cancel", "");
        }
        return job;
    }

    private static String bundle(Route route) {
        String bundle = server.post(
                        "/bundles", "{\"type\":\"fixture\",\"jobs\":[{\"type\":\"fixture\",\"delay\":\"1h\"}]}")
                .field("id");
        if (route.id().equals("deleteBundle")) {
            server.post("/bundles/" + bundle + "/cancel", "");
        }
        return bundle;
    }

    private static String schedule(Route route) {
        String schedule = server.post("/schedules", "{\"type\":\"fixture\",\"cron\":\"0 0 1 1 *\"}")
                .field("id");
        if (route.id().equals("resumeSchedule")) {
            server.post("/schedules/" + schedule + "/pause", "");
        }
        return schedule;
    }

    private static String deadLetter() {
        String type = "dead-" + UUID.randomUUID();
        String job = server.post("/jobs", "{\"type\":\"" + type + "\",\"max_attempts\":1}")
                .field("id");
        String session = "/sessions/"
                + server.post("/sessions", "{\"types\":[\"" + type + "\"]}").field("session_id");
        String token = server.post(session + "/claim", "{\"wait\":\"5s\"}").field("token");
        server.post(
                session + "/report",
                "{\"reports\":[{\"id\":\"" + job + "\",\"token\":\"" + token + "\",\"outcome\":\"dead_letter\"}]}");
        server.delete(session);
        return job;
    }

    private static String subscription() {
        String name = "s-" + UUID.randomUUID().toString().toLowerCase(Locale.ROOT);
        server.grpc()
                .createSubscription(Wire.CreateSubscriptionRequest.newBuilder()
                        .setName(name)
                        .build());
        return name;
    }
}
