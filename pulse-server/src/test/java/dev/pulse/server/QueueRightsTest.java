package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table cannot say: each inner item of a call is asked about (S09, B51), and what is refused is told (S41, B58). */
final class QueueRightsTest {
    private static TestServer server;
    private static TestServer admin;
    private static TestServer own;
    private static TestServer many;

    private final String type = "t" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = TestServer.withUsers(
                "root:r,own:o:operator+worker@own,many:m:operator+worker@own|bill-*,viewer:v:viewer");
        admin = server.as("root", "r");
        own = server.as("own", "o");
        many = server.as("many", "m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // ---- inner items

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jobs/batch {'jobs':[{'type':'T','queue':'own'},{'type':'T','queue':'foreign'}]}",
                "/jobs/batch {'jobs':[{'type':'T','queue':'own'},{'type':'T'}]}",
                "/bundles {'type':'b','jobs':[{'type':'T','queue':'own'},{'type':'T','queue':'foreign'}]}",
                "/bundles {'type':'b','jobs':[{'type':'T','queue':'own'}],'on_complete':{'type':'T','queue':'foreign'}}",
                "/bundles {'type':'b','jobs':[{'type':'T','queue':'own'}],'bundles':[{'type':'b','jobs':[{'type':'T','queue':'foreign'}]}]}",
                "/jobs {'type':'T','queue':'bill'}",
            })
    void oneForeignQueueRefusesTheWholeCallAndNothingIsWritten(String call) {
        int end = call.indexOf(' ');

        TestServer.Answer answer = many.post(
                call.substring(0, end),
                call.substring(end + 1).replace('\'', '"').replace("T", type));

        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.field("detail")).contains("allowed: bill-*, own");
        assertThat(answer.field("field")).endsWith("queue");
        assertThat(admin.get("/jobs?type=" + type).body()).contains("\"items\":[]");
    }

    @Test
    void ofABatchThatIsNotAtomicOnlyTheForeignOneIsRefused() {
        TestServer.Answer answer = own.post(
                "/jobs/batch",
                "{\"atomic\":false,\"jobs\":[{\"type\":\"%s\",\"queue\":\"own\"},{\"type\":\"%s\",\"queue\":\"foreign\"}]}"
                        .formatted(type, type));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("PULSE-3002", "\"queue\":\"own\"");
        assertThat(admin.get("/jobs?type=" + type).body()).contains("\"own\"").doesNotContain("\"foreign\"");
    }

    @Test
    void aScheduleIsMovedOnlyByWhoMayUseBothQueues() {
        String id = admin.post("/schedules", "{\"type\":\"t\",\"queue\":\"own\",\"every\":\"1h\"}")
                .field("id");

        assertThat(own.patch("/schedules/" + id, "{\"version\":1,\"queue\":\"bill-1\"}")
                        .status())
                .isEqualTo(403);
        assertThat(many.patch("/schedules/" + id, "{\"version\":1,\"queue\":\"bill-1\"}")
                        .status())
                .isEqualTo(200);
        assertThat(own.get("/schedules/" + id).status()).isEqualTo(404);
    }

    @Test
    void aDeclaredScheduleDoesNotTakeOverAForeignOneOfItsName() {
        String name = "n" + UUID.randomUUID();
        admin.post(
                "/schedules",
                "{\"name\":\"%s\",\"type\":\"t\",\"queue\":\"foreign\",\"every\":\"1h\"}".formatted(name));
        Wire.DeclareSchedulesRequest declared = Wire.DeclareSchedulesRequest.newBuilder()
                .setDeclaredBy("app")
                .addSchedules(Wire.ScheduleSpec.newBuilder()
                        .setName(name)
                        .setJob(Wire.Submission.newBuilder().setType("t").setQueue("own"))
                        .setTiming(Wire.ScheduleTiming.newBuilder()
                                .setEvery(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(60))))
                .build();

        assertThat(code(() -> own.grpc().declareSchedules(declared))).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(admin.get("/schedules/" + name).body()).contains("\"queue\":\"foreign\"");
    }

    // ---- lists

    @Test
    void whoHasOneQueueNeedNotNameItAndWhoHasMoreIsToldTo() {
        admin.post("/jobs", "{\"type\":\"%s\",\"queue\":\"own\"}".formatted(type));
        admin.post("/jobs", "{\"type\":\"%s\",\"queue\":\"foreign\"}".formatted(type));

        assertThat(own.get("/jobs?type=" + type).body()).contains("\"own\"").doesNotContain("\"foreign\"");
        assertThat(many.get("/jobs?type=" + type).status()).isEqualTo(403);
        assertThat(many.get("/jobs?type=" + type).field("detail")).contains("name one of them as queue");
        assertThat(many.get("/jobs?queue=own&type=" + type).body()).contains("\"own\"");
        assertThat(own.post("/jobs/bulk", "{\"action\":\"cancel\",\"filter\":{\"type\":\"%s\"}}".formatted(type))
                        .field("matched"))
                .isEqualTo("1");
    }

    @Test
    void jobsOfAScheduleAreThoseInItsQueue() {
        String id = admin.post("/schedules", "{\"type\":\"t\",\"queue\":\"bill-2\",\"every\":\"1h\"}")
                .field("id");
        admin.post("/schedules/" + id + "/run-now", "");

        assertThat(many.get("/schedules/" + id + "/jobs").body()).contains("\"bill-2\"");
        assertThat(many.get("/schedules/" + id + "/jobs?queue=foreign").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jobs/{id}?id=x",
        "DELETE, /jobs/{id}?id=x",
        "POST, /jobs/{id}/cancel?id=x",
        "GET, /jobs/{id}/logs?id=x"
    })
    void aQueryParameterDoesNotOverrideThePath(String method, String path) {
        String id = admin.post("/jobs", "{\"type\":\"t\",\"queue\":\"own\"}").field("id");
        String call = path.replace("{id}", id);

        TestServer.Answer answer = switch (method) {
            case "GET" -> own.get(call);
            case "DELETE" -> own.delete(call);
            default -> own.post(call, "");
        };

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("code")).isEqualTo("PULSE-1005");
        assertThat(admin.get("/jobs/" + id).field("status")).isEqualTo("pending");
    }

    // ---- sessions

    @Test
    void aSessionThatNamesNoQueueTakesThoseOfTheCredential() {
        own.post("/sessions", "{\"types\":[\"%s\"],\"worker\":\"%s\"}".formatted(type, type));

        assertThat(session().queues()).containsExactly("own");
        assertThat(session().owner()).isEqualTo("own");
        assertThat(many.post("/sessions", "{\"types\":[\"t\"]}").status()).isEqualTo(403);
        assertThat(many.post("/sessions", "{\"types\":[\"t\"],\"queues\":[\"bill-1\"]}")
                        .status())
                .isEqualTo(201);
    }

    private SessionSpec session() {
        return server.stores().sessions().sessions().stream()
                .map(info -> info.spec())
                .filter(spec -> spec.worker().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reportsOnTheSessionOfAnotherAreRefusedAndTold() {
        String id = admin.post("/jobs", "{\"type\":\"%s\",\"queue\":\"own\"}".formatted(type))
                .field("id");
        String session =
                own.post("/sessions", "{\"types\":[\"%s\"]}".formatted(type)).field("session_id");
        String token = own.post("/sessions/" + session + "/claim", "{\"max\":1,\"wait\":\"20s\"}")
                .field("token");
        String report = "{\"reports\":[{\"id\":\"%s\",\"token\":\"%s\",\"outcome\":\"ack\"}]}".formatted(id, token);

        assertThat(many.post("/sessions/" + session + "/report", report).status())
                .isEqualTo(404);
        assertThat(code(() -> many.grpc()
                        .closeSession(Wire.CloseSessionRequest.newBuilder()
                                .setSessionId(session)
                                .build())))
                .isEqualTo(Status.Code.NOT_FOUND);

        assertThat(admin.get("/jobs/" + id).field("status")).isEqualTo("running");
        assertThat(own.post("/sessions/" + session + "/report", report).field("answer"))
                .isEqualTo("applied");
        assertThat(denied("many", "session.use").target()).isEqualTo(session);
    }

    @Test
    void aSessionBelongsToItsOwnerAlsoOnAServerThatDidNotOpenIt() {
        UUID id = UUID.randomUUID();
        server.stores()
                .sessions()
                .open(new SessionSpec(id, "w", Set.of(type), Set.of("own"), 1, Duration.ofMinutes(1), "own"));

        assertThat(many.post("/sessions/" + id + "/heartbeat", "{\"held\":[]}").status())
                .isEqualTo(404);
        assertThat(own.post("/sessions/" + id + "/heartbeat", "{\"held\":[]}").status())
                .isEqualTo(200);
    }

    // ---- events

    @Test
    void eventsOfForeignQueuesAndOfBundlesAreNotSent() throws IOException {
        var stream = own.open(own.request("/events").GET());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            lines.readLine();
            admin.post("/jobs", "{\"type\":\"%s\",\"queue\":\"foreign\"}".formatted(type));
            String bundle = admin.post(
                            "/bundles",
                            "{\"type\":\"b\",\"jobs\":[{\"type\":\"%s\",\"queue\":\"foreign\"}]}".formatted(type))
                    .field("id");
            admin.post("/bundles/" + bundle + "/cancel", "");
            admin.get("/bundles/" + bundle + "/wait?timeout=20s");
            admin.post("/jobs", "{\"type\":\"last-%s\",\"queue\":\"own\"}".formatted(type));
            StringBuilder heard = new StringBuilder();
            String line = lines.readLine();
            while (line != null && !line.contains("last-" + type)) {
                heard.append(line);
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            assertThat(heard.toString()).doesNotContain("foreign", "bundle_completed");
        }
    }

    // ---- the audit log

    @Test
    void whatIsRefusedForLackOfRightsIsInTheAuditLogUnderItsName() {
        server.as("viewer", "v").post("/dispatch/pause", "{}");
        own.post("/queues/foreign/pause", "{}");
        code(() -> own.grpc()
                .setQueueLimits(Wire.SetLimitsRequest.newBuilder()
                        .setName("foreign")
                        .setMaxRunning(1)
                        .build()));
        own.get("/stats");

        assertThat(denied("viewer", "dispatch.pause").from()).isEqualTo("127.0.0.1");
        assertThat(denied("own", "queue.pause").target()).isEqualTo("foreign");
        assertThat(denied("own", "queue.limit").outcome()).isEqualTo("denied");
        assertThat(denied("own", "GET /stats").after()).containsKey("times");
    }

    @Test
    void actsOnSubscriptionsAreAuditedWithWhoDidThem() {
        admin.grpc()
                .createSubscription(Wire.CreateSubscriptionRequest.newBuilder()
                        .setName(type)
                        .build());
        admin.delete("/subscriptions/" + type);

        assertThat(admin.get("/audit?target=" + type).body())
                .contains("subscription.create", "subscription.delete", "\"actor\":\"root\"");
        assertThat(admin.get("/audit?target=" + type + "&until=2020-01-01T00:00:00Z")
                        .body())
                .contains("\"items\":[]");
    }

    /** Waits for the entry, which is not written in the refused call. */
    private static AuditEntry denied(String actor, String action) {
        for (int i = 0; i < 20_000; i++) {
            List<AuditEntry> found = server.stores()
                    .audit()
                    .list(new AuditFilter(null, actor, action), 1, null)
                    .items();
            if (!found.isEmpty()) {
                return found.getFirst();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        throw new AssertionError("no entry " + action + " of " + actor);
    }

    private static Status.Code code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call)
                .getStatus()
                .getCode();
    }
}
