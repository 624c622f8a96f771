package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Things to call about, each made for one call by somebody who may do everything: {@code <pending>} in a text is a new job's id. */
final class AccessThings {
    private static final Pattern THING = Pattern.compile("<([a-z-]+)>");

    private final TestServer admin;

    AccessThings(TestServer admin) {
        this.admin = admin;
    }

    /** The text with its things made. */
    String fill(String text, String queue, String sessionOwner) {
        Matcher matcher = THING.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(make(matcher.group(1), queue, sessionOwner)));
        }
        return matcher.appendTail(filled).toString();
    }

    private String make(String thing, String queue, String sessionOwner) {
        return switch (thing) {
            case "queue" -> queue;
            case "new" -> "n" + UUID.randomUUID();
            case "uuid" -> UUID.randomUUID().toString();
            case "pending" -> job(queue, "");
            case "due" -> job(queue, ",\"delay\":\"1h\"");
            case "canceled" -> canceled(queue);
            case "dead" -> dead(queue);
            case "schedule" -> made("/schedules", "{\"type\":\"t\",\"queue\":\"" + queue + "\",\"every\":\"1h\"}");
            case "bundle" -> bundle(queue);
            case "finished-bundle" -> finishedBundle(queue);
            case "bulk" ->
                made(
                        "/jobs/bulk",
                        "{\"action\":\"cancel\",\"filter\":{\"type\":\"none\",\"queue\":\"" + queue + "\"}}");
            case "session" -> session(queue, sessionOwner);
            case "key" -> made("/keys", "{\"name\":\"k" + UUID.randomUUID() + "\",\"roles\":[\"viewer\"]}");
            case "subscription" -> subscription();
            default -> throw new IllegalArgumentException("no such thing: " + thing);
        };
    }

    private String made(String path, String body) {
        TestServer.Answer answer = admin.post(path, body);
        assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
        return answer.field("id");
    }

    private String job(String queue, String more) {
        return made("/jobs", "{\"type\":\"t\",\"queue\":\"" + queue + "\"" + more + "}");
    }

    private String canceled(String queue) {
        String id = job(queue, "");
        admin.post("/jobs/" + id + "/cancel", "");
        return id;
    }

    private String dead(String queue) {
        String type = "d" + UUID.randomUUID();
        String id = made("/jobs", "{\"type\":\"" + type + "\",\"queue\":\"" + queue + "\"}");
        String session =
                admin.post("/sessions", "{\"types\":[\"" + type + "\"]}").field("session_id");
        String token = admin.post("/sessions/" + session + "/claim", "{\"max\":1,\"wait\":\"20s\"}")
                .field("token");
        admin.post(
                "/sessions/" + session + "/report",
                "{\"reports\":[{\"id\":\"%s\",\"token\":\"%s\",\"outcome\":\"dead_letter\"}]}".formatted(id, token));
        admin.delete("/sessions/" + session);
        return id;
    }

    private String bundle(String queue) {
        return made("/bundles", "{\"type\":\"b\",\"jobs\":[{\"type\":\"t\",\"queue\":\"" + queue + "\"}]}");
    }

    private String finishedBundle(String queue) {
        String id = bundle(queue);
        admin.post("/bundles/" + id + "/cancel", "");
        assertThat(admin.get("/bundles/" + id + "/wait?timeout=20s").status()).isEqualTo(200);
        return id;
    }

    private String session(String queue, String owner) {
        SessionSpec spec =
                new SessionSpec(UUID.randomUUID(), "w", Set.of("none"), Set.of(queue), 1, Duration.ofMinutes(1), owner);
        admin.stores().sessions().open(spec);
        return spec.id().toString();
    }

    private String subscription() {
        String name = "s" + UUID.randomUUID();
        admin.grpc()
                .createSubscription(dev.pulse.protocol.v1.Wire.CreateSubscriptionRequest.newBuilder()
                        .setName(name)
                        .build());
        return name;
    }
}
