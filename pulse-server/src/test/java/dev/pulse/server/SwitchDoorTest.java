package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pausing, limiting and explaining at both doors; B110 of the catalogue. */
final class SwitchDoorTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void dispatchIsRunningAtFirst() {
        assertThat(server.get("/dispatch").body())
                .isEqualTo("{\"paused\":false,\"reason\":null,\"by\":null,\"since\":null}");
    }

    @Test
    void aPauseSaysWhoWhenAndWhyUntilItIsResumed() {
        TestServer.Answer paused = server.post("/dispatch/pause", "{\"reason\":\"deploy 17\"}");

        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.field("paused")).isEqualTo("true");
        assertThat(paused.field("reason")).isEqualTo("deploy 17");
        assertThat(paused.field("by")).isEqualTo("operator");
        assertThat(Instant.parse(paused.field("since"))).isNotNull();
        assertThat(server.get("/dispatch").body()).isEqualTo(paused.body());

        assertThat(server.post("/dispatch/resume", "").field("paused")).isEqualTo("false");
        assertThat(server.get("/dispatch").field("paused")).isEqualTo("false");
    }

    @Test
    void pausingTwiceAndResumingWhatRunsAnswerTheState() {
        String since = server.post("/dispatch/pause", "").field("since");
        TestServer.Answer again = server.post("/dispatch/pause", "{\"reason\":null}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.field("since")).isEqualTo(since);

        server.post("/dispatch/resume", "{}");
        TestServer.Answer resumed = server.post("/dispatch/resume", "{}");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.field("paused")).isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queues", "types"})
    void aNameNeverSeenMayBePausedLimitedAndResumed(String lines) {
        TestServer.Answer paused = server.post("/" + lines + "/never-seen/pause", "{\"reason\":\"why\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.field("name")).isEqualTo("never-seen");
        assertThat(paused.field("paused")).isEqualTo("true");
        assertThat(paused.field("by")).isEqualTo("operator");
        assertThat(patch("/" + lines + "/never-seen", "{\"max_running\":3,\"rate\":0.5}")
                        .body())
                .contains("\"paused\":true", "\"max_running\":3", "\"rate\":0.5");
        assertThat(server.get("/" + lines).body()).contains("\"name\":\"never-seen\"", "\"pending\":0");

        assertThat(server.post("/" + lines + "/never-seen/resume", "").body())
                .contains("\"paused\":false", "\"max_running\":3");
        assertThat(patch("/" + lines + "/never-seen", "{\"max_running\":null}").body())
                .contains("\"max_running\":null", "\"rate\":0.5");
        assertThat(patch("/" + lines + "/never-seen", "{\"rate\":null}").status())
                .isEqualTo(200);
        assertThat(server.get("/" + lines).body()).isEqualTo("{\"items\":[],\"next_cursor\":null}");
        assertThat(server.post("/" + lines + "/never-seen/resume", "").status()).isEqualTo(200);
    }

    @Test
    void aQueueShowsItsDepthAndAge() {
        server.post("/jobs", "{\"type\":\"email\",\"queue\":\"mail\"}");
        server.post("/jobs", "{\"type\":\"email\",\"queue\":\"mail\",\"delay\":\"1h\"}");

        assertThat(server.get("/queues").body())
                .contains("\"name\":\"mail\",\"paused\":false,\"reason\":null,\"by\":null,\"since\":null,"
                        + "\"max_running\":null,\"rate\":null,\"scheduled\":1,\"pending\":1,\"running\":0,"
                        + "\"retrying\":0,\"dead_lettered\":0,\"oldest_pending_age_s\":");
        assertThat(server.get("/types").body()).contains("\"name\":\"email\"");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("POST", "/dispatch/pause", "{\"reson\":\"x\"}", "reson", "PULSE-1002"),
                Arguments.of("POST", "/dispatch/pause", "{\"reason\":7}", "reason", "PULSE-1001"),
                Arguments.of("POST", "/dispatch/pause", "[]", "", "PULSE-1003"),
                Arguments.of(
                        "POST", "/dispatch/pause", "{\"reason\":\"" + "x".repeat(501) + "\"}", "reason", "PULSE-1001"),
                Arguments.of("POST", "/dispatch/pause", "{\"reason\":\"a\\u0000\"}", "reason", "PULSE-1001"),
                Arguments.of("POST", "/dispatch/resume", "{\"reason\":\"x\"}", "reason", "PULSE-1002"),
                Arguments.of("POST", "/queues/a%20b/pause", "{}", "queue", "PULSE-1001"),
                Arguments.of("POST", "/types/" + "x".repeat(129) + "/resume", "{}", "type", "PULSE-1001"),
                Arguments.of("PATCH", "/queues/a", "", "", "PULSE-1003"),
                Arguments.of("PATCH", "/queues/a", "{\"max_running\":0}", "max_running", "PULSE-1001"),
                Arguments.of("PATCH", "/queues/a", "{\"max_running\":-1}", "max_running", "PULSE-1001"),
                Arguments.of("PATCH", "/queues/a", "{\"max_running\":1.5}", "max_running", "PULSE-1001"),
                Arguments.of("PATCH", "/queues/a", "{\"max_running\":99999999999}", "max_running", "PULSE-1001"),
                Arguments.of("PATCH", "/types/a", "{\"rate\":0}", "rate", "PULSE-1001"),
                Arguments.of("PATCH", "/types/a", "{\"rate\":\"5\"}", "rate", "PULSE-1001"),
                Arguments.of("PATCH", "/types/a", "{\"rate\":1e999}", "rate", "PULSE-1001"),
                Arguments.of("PATCH", "/types/a", "{\"rate\":5,\"rate\":6}", "rate", "PULSE-1001"),
                Arguments.of("PATCH", "/types/a", "{\"max_runing\":5}", "max_runing", "PULSE-1002"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsWrongIsNamedAndNothingChanges(String method, String path, String body, String field, String code) {
        TestServer.Answer answer = server.send(server.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field("code")).isEqualTo(code);
        assertThat(answer.field("field")).isEqualTo(field);
        assertThat(server.stores().switches().read().settings()).isEmpty();
    }

    @Test
    void unknownParametersAndMethodsAreRefused() {
        assertThat(server.get("/dispatch?x=1").status()).isEqualTo(400);
        assertThat(server.get("/queues?limit=5").status()).isEqualTo(400);
        assertThat(server.post("/queues/a/pause?x=1", "{}").status()).isEqualTo(400);
        assertThat(server.delete("/dispatch").status()).isEqualTo(405);
        assertThat(server.get("/queues/a/pause").status()).isEqualTo(405);
    }

    @Test
    void actsOnJobsInAnotherStatusAreRefusedWithTheStatusThatItHas() {
        String done = server.post("/jobs", "{\"type\":\"email\"}").field("id");
        server.post("/jobs/" + done + "/cancel", "");

        TestServer.Answer canceled = server.post("/jobs/" + done + "/cancel", "");
        assertThat(canceled.status()).isEqualTo(409);
        assertThat(canceled.field("detail")).contains("is canceled");
        String pending = server.post("/jobs", "{\"type\":\"email\"}").field("id");
        assertThat(server.post("/jobs/" + pending + "/requeue", "").status()).isEqualTo(409);
    }

    @Test
    void aWaitingJobSaysWhyRightAfterEachChange() {
        String id = server.post("/jobs", "{\"type\":\"email\"}").field("id");
        assertThat(waiting(id)).contains("\"code\":\"no_worker\"", "\"code\":\"position\"");

        server.post("/dispatch/pause", "{\"reason\":\"deploy 17\"}");
        assertThat(waiting(id))
                .contains("\"code\":\"dispatch_paused\"", "by operator: deploy 17", "\"reason\":\"deploy 17\"")
                .contains("\"by\":\"operator\"", "\"since\":\"");
        server.post("/types/email/pause", "");
        server.post("/dispatch/resume", "");
        assertThat(waiting(id)).contains("\"code\":\"type_paused\"").doesNotContain("dispatch_paused");

        String later =
                server.post("/jobs", "{\"type\":\"email\",\"delay\":\"1h\"}").field("id");
        assertThat(waiting(later))
                .contains("\"code\":\"run_at\"", "\"until\":\"")
                .doesNotContain("position");
        server.post("/jobs/" + id + "/cancel", "");
        assertThat(waiting(id)).isEqualTo("[]");
    }

    private String waiting(String id) {
        String body = server.get("/jobs/" + id).body();
        int start = body.indexOf("\"waiting\":") + "\"waiting\":".length();
        return body.substring(start, body.indexOf(']', start) + 1);
    }

    // ---- gRPC

    @Test
    void grpcPausesShowsAndResumes() {
        Wire.Switch paused = server.grpc()
                .pauseDispatch(Wire.PauseDispatchRequest.newBuilder()
                        .setReason("deploy")
                        .build());
        assertThat(paused.getPaused()).isTrue();
        assertThat(paused.getReason()).isEqualTo("deploy");
        assertThat(paused.getBy()).isEqualTo("operator");
        assertThat(paused.hasSince()).isTrue();
        assertThat(server.grpc().getDispatchStatus(Wire.GetDispatchStatusRequest.getDefaultInstance()))
                .isEqualTo(paused);

        Wire.Switch resumed = server.grpc().resumeDispatch(Wire.ResumeDispatchRequest.getDefaultInstance());
        assertThat(resumed.getPaused()).isFalse();
        assertThat(resumed.hasReason() || resumed.hasBy() || resumed.hasSince()).isFalse();
    }

    @Test
    void grpcPausesAndLimitsQueuesAndTypes() {
        server.grpc()
                .pauseQueue(Wire.PauseLineRequest.newBuilder().setName("mail").build());
        Wire.Switch limited = server.grpc()
                .setQueueLimits(Wire.SetLimitsRequest.newBuilder()
                        .setName("mail")
                        .setMaxRunning(3)
                        .setRate(1.5)
                        .build());
        assertThat(limited.getPaused()).isTrue();
        assertThat(limited.getMaxRunning()).isEqualTo(3);
        Wire.Switch cleared = server.grpc()
                .setQueueLimits(Wire.SetLimitsRequest.newBuilder()
                        .setName("mail")
                        .setClearMaxRunning(true)
                        .build());
        assertThat(cleared.hasMaxRunning()).isFalse();
        assertThat(cleared.getRate()).isEqualTo(1.5);
        Wire.ListLinesResponse queues = server.grpc().listQueues(Wire.ListLinesRequest.getDefaultInstance());
        assertThat(queues.getItemsList())
                .extracting(line -> line.getSetting().getName())
                .containsExactly("mail");
        server.grpc()
                .resumeQueue(Wire.ResumeLineRequest.newBuilder().setName("mail").build());

        server.grpc()
                .pauseType(Wire.PauseLineRequest.newBuilder().setName("email").build());
        server.grpc()
                .setTypeLimits(Wire.SetLimitsRequest.newBuilder()
                        .setName("email")
                        .setMaxRunning(1)
                        .build());
        server.grpc()
                .resumeType(Wire.ResumeLineRequest.newBuilder().setName("email").build());
        Wire.Line type = server.grpc()
                .listTypes(Wire.ListLinesRequest.getDefaultInstance())
                .getItems(0);
        assertThat(type.getSetting().getMaxRunning()).isEqualTo(1);
        assertThat(type.getSetting().getPaused()).isFalse();
    }

    static Stream<Wire.SetLimitsRequest> badLimits() {
        Wire.SetLimitsRequest.Builder a = Wire.SetLimitsRequest.newBuilder().setName("a");
        return Stream.of(
                a.clone().setMaxRunning(0).build(),
                a.clone().setRate(Double.NaN).build(),
                a.clone().setRate(-1).build(),
                a.clone().setMaxRunning(5).setClearMaxRunning(true).build(),
                a.clone().setName("").setMaxRunning(5).build(),
                a.clone().setName("a/b").setMaxRunning(5).build());
    }

    @ParameterizedTest
    @MethodSource("badLimits")
    void grpcRefusesLimitsThatAreNone(Wire.SetLimitsRequest request) {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class, () -> server.grpc().setTypeLimits(request));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(server.stores().switches().read().settings()).isEmpty();
    }

    @Test
    void grpcExplainsInGetJobOnly() {
        String id = server.post("/jobs", "{\"type\":\"email\"}").field("id");
        Wire.Job job =
                server.grpc().getJob(Wire.GetJobRequest.newBuilder().setId(id).build());

        assertThat(job.getWaitingList()).extracting(Wire.WaitReason::getCode).containsExactly("no_worker", "position");
        assertThat(server.grpc()
                        .listJobs(Wire.ListJobsRequest.getDefaultInstance())
                        .getItems(0)
                        .getWaitingCount())
                .isZero();
    }

    private TestServer.Answer patch(String path, String body) {
        return server.send(server.request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }
}
