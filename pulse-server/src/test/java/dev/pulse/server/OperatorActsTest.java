package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import dev.pulse.model.BulkAction;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators may do to a job in each status, the same at both doors (B110), and to many at once (B111). */
final class OperatorActsTest {
    private static final String BODY = "{\"type\":\"%s\",\"backoff\":\"fixed 1h\"%s}";

    private static TestServer server;

    private final String type = "t" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> everyActInEveryStatus() {
        return Arrays.stream(BulkAction.values())
                .flatMap(act -> Arrays.stream(JobStatus.values()).map(status -> Arguments.of(act, status)));
    }

    /** The status after the act, or null where it is refused. */
    private static @Nullable JobStatus after(BulkAction act, JobStatus status) {
        return switch (act) {
            case CANCEL -> status == JobStatus.RUNNING ? status : status.isFinal() ? null : JobStatus.CANCELED;
            case REQUEUE -> status.isFinal() ? JobStatus.PENDING : null;
            case RUN_NOW -> status.isDue() || status == JobStatus.PENDING ? JobStatus.PENDING : null;
            case DELETE -> status == JobStatus.RUNNING ? null : status;
        };
    }

    @ParameterizedTest
    @MethodSource("everyActInEveryStatus")
    void anActIsDoneOrRefusedOverRest(BulkAction act, JobStatus status) {
        String id = bring(status);

        TestServer.Answer answer = rest(act, id);

        JobStatus after = after(act, status);
        if (after == null) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.field("code")).isEqualTo("PULSE-2001");
            assertThat(answer.field("detail")).contains(id, " is " + status.wireName());
            assertThat(status(id)).isEqualTo(status.wireName());
        } else {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("status")).isEqualTo(after.wireName());
            againOverRest(act, id, status);
        }
    }

    /** The second time it is done already: said so, or what is left of it refused. */
    private static void againOverRest(BulkAction act, String id, JobStatus before) {
        TestServer.Answer again = rest(act, id);
        switch (act) {
            case CANCEL -> {
                assertThat(again.status()).isEqualTo(before == JobStatus.RUNNING ? 200 : 409);
                assertThat(again.field("detail")).contains(before == JobStatus.RUNNING ? "" : "canceled");
            }
            case REQUEUE -> assertThat(again.status()).isEqualTo(409);
            case RUN_NOW -> assertThat(again.status()).isEqualTo(200);
            case DELETE -> assertThat(again.status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @MethodSource("everyActInEveryStatus")
    void anActIsDoneOrRefusedOverGrpc(BulkAction act, JobStatus status) {
        String id = bring(status);

        if (after(act, status) != null) {
            Message answer = grpc(act, id);
            if (answer instanceof Wire.Job job) {
                assertThat(job.getStatus().name()).endsWith(String.valueOf(after(act, status)));
            } else {
                assertThat(server.get("/jobs/" + id).status()).isEqualTo(404);
            }
        } else {
            var refused = catchThrowableOfType(StatusRuntimeException.class, () -> grpc(act, id));
            assertThat(WireErrors.fromStatus(refused).code()).isEqualTo(ErrorCode.ILLEGAL_STATUS);
            assertThat(refused.getMessage()).contains(" is " + status.wireName());
        }
    }

    @ParameterizedTest
    @MethodSource("everyActInEveryStatus")
    void anActOnManySaysHowManyItSkippedAndWhy(BulkAction act, JobStatus status) {
        bring(status);

        TestServer.Answer answer = server.post(
                "/jobs/bulk", "{\"action\":\"%s\",\"filter\":{\"type\":\"%s\"}}".formatted(act.wireName(), type));

        boolean changes = after(act, status) != null && !(act == BulkAction.RUN_NOW && status == JobStatus.PENDING);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("matched")).isEqualTo("1");
        assertThat(answer.field("changed")).isEqualTo(changes ? "1" : "0");
        assertThat(answer.body()).contains(changes ? "\"skipped\":{}" : "\"skipped\":{\"status_" + status.wireName());
    }

    @Test
    void nothingCanBeDoneToAJobThatIsNotThere() {
        String nobody = UUID.randomUUID().toString();

        for (BulkAction act : BulkAction.values()) {
            assertThat(rest(act, nobody).status()).isEqualTo(404);
            var refused = catchThrowableOfType(StatusRuntimeException.class, () -> grpc(act, nobody));
            assertThat(WireErrors.fromStatus(refused).code()).isEqualTo(ErrorCode.JOB_NOT_FOUND);
        }
    }

    @Test
    void anOperationCanBeAskedForLaterAndStopped() {
        for (int i = 0; i < 3; i++) {
            bring(JobStatus.DEAD_LETTERED);
        }
        TestServer.Answer answer = server.post("/dlq/retry?wait=0s", "{\"type\":\"" + type + "\",\"rate\":1}");
        String path = "/bulk/" + answer.field("id");

        assertThat(answer.status()).isIn(200, 202);
        TestServer.Answer stopped = server.post(path + "/stop", "");

        assertThat(stopped.field("state")).isEqualTo("stopped");
        assertThat(stopped.body()).contains("\"filter\":{\"status\":\"dead_lettered\",\"type\":\"" + type + "\"}");
        assertThat(server.get(path).body()).isEqualTo(stopped.body());
        assertThat(server.post(path + "/stop", "").body()).isEqualTo(stopped.body());
        assertThat(server.get("/bulk?limit=1").body()).contains(answer.field("id"));
        assertThat(server.grpc()
                        .getBulkOperation(Wire.GetBulkOperationRequest.newBuilder()
                                .setId(answer.field("id"))
                                .build())
                        .getState())
                .isEqualTo("stopped");
    }

    @Test
    void allDeadLettersAreRetriedWhenNoneIsNamed() {
        String id = bring(JobStatus.DEAD_LETTERED);

        TestServer.Answer counted = server.post("/dlq/retry", "{\"dry_run\":true}");
        TestServer.Answer retried = server.post("/dlq/retry", "{}");

        assertThat(Long.parseLong(counted.field("matched"))).isPositive();
        assertThat(retried.field("finished")).isEqualTo("true");
        assertThat(status(id)).isEqualTo("pending");
    }

    @ParameterizedTest
    @CsvSource({
        "/bulk/00000000-0000-7000-8000-000000000001, 404, PULSE-1105",
        "/bulk/nonsense, 400, PULSE-1004",
        "/bulk?limit=0, 400, PULSE-1005",
        "/bulk?cursor=x, 400, PULSE-1005",
        "/bulk/00000000-0000-7000-8000-000000000001?wait=soon, 400, PULSE-1005",
        "/audit?limit=1001, 400, PULSE-1005",
        "/audit?since=yesterday, 400, PULSE-1005",
        "/audit?cursor=nonsense, 400, PULSE-1005",
        "/audit?acter=me, 400, PULSE-1005",
        "/audit?actor=, 400, PULSE-1005",
    })
    void whatCannotBeAskedIsRefused(String path, int status, String code) {
        TestServer.Answer answer = server.get(path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.field("code")).isEqualTo(code);
    }

    @Test
    void theAuditLogTellsWhoDidWhatFromWhere() {
        String id = bring(JobStatus.PENDING);
        rest(BulkAction.CANCEL, id);
        grpc(BulkAction.REQUEUE, id);

        TestServer.Answer log = server.get("/audit?actor=operator&action=job.requeue&limit=1");

        assertThat(log.field("target")).isEqualTo(id);
        assertThat(log.field("from")).isEqualTo("127.0.0.1");
        assertThat(log.field("outcome")).isEqualTo("done");
        assertThat(log.body())
                .contains("\"before\":{\"status\":\"canceled\"}", "\"after\":{\"status\":\"pending\"}")
                .contains("\"next_cursor\":\"");
        Wire.ListAuditResponse page = server.grpc()
                .listAudit(Wire.ListAuditRequest.newBuilder()
                        .setAction("job.cancel")
                        .setLimit(1)
                        .build());
        assertThat(page.getItems(0).getFrom()).isEqualTo("127.0.0.1");
        assertThat(page.getItems(0).getBeforeMap()).containsEntry("status", "pending");
    }

    @Test
    void submitsAndReportsAreNotAudited() {
        String before = server.get("/audit?limit=1").body();

        bring(JobStatus.COMPLETED);

        assertThat(server.get("/audit?limit=1").body()).isEqualTo(before);
    }

    // ---- helpers

    private static TestServer.Answer rest(BulkAction act, String id) {
        return act == BulkAction.DELETE
                ? server.delete("/jobs/" + id)
                : server.post("/jobs/" + id + "/" + act.wireName(), "");
    }

    private static Message grpc(BulkAction act, String id) {
        return switch (act) {
            case CANCEL ->
                server.grpc()
                        .cancelJob(Wire.CancelJobRequest.newBuilder().setId(id).build());
            case REQUEUE ->
                server.grpc()
                        .requeueJob(
                                Wire.RequeueJobRequest.newBuilder().setId(id).build());
            case RUN_NOW ->
                server.grpc()
                        .runJobNow(Wire.RunJobNowRequest.newBuilder().setId(id).build());
            case DELETE ->
                server.grpc()
                        .deleteJob(Wire.DeleteJobRequest.newBuilder().setId(id).build());
        };
    }

    private static String status(String id) {
        return server.get("/jobs/" + id).field("status");
    }

    private String bring(JobStatus status) {
        String extra = status == JobStatus.SCHEDULED ? ",\"delay\":\"1h\"" : "";
        String id = server.post("/jobs", BODY.formatted(type, extra)).field("id");
        switch (status) {
            case SCHEDULED, PENDING -> {}
            case RUNNING -> claim();
            case RETRYING -> report(id, "fail");
            case COMPLETED -> report(id, "ack");
            case DEAD_LETTERED -> report(id, "dead_letter");
            case CANCELED -> server.post("/jobs/" + id + "/cancel", "");
        }
        return id;
    }

    private String[] claim() {
        String session = server.post("/sessions", "{\"types\":[\"" + type + "\"],\"lease_ttl\":\"1h\"}")
                .field("session_id");
        TestServer.Answer claimed = server.post("/sessions/" + session + "/claim", "{\"max\":1,\"wait\":\"20s\"}");
        return new String[] {session, claimed.field("token")};
    }

    private void report(String id, String outcome) {
        String[] held = claim();
        TestServer.Answer answer = server.post(
                "/sessions/" + held[0] + "/report",
                "{\"reports\":[{\"id\":\"%s\",\"token\":\"%s\",\"outcome\":\"%s\"}]}".formatted(id, held[1], outcome));
        assertThat(answer.field("answer")).isEqualTo("applied");
    }
}
