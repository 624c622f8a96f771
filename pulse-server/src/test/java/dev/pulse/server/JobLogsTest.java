package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Progress and log lines at both doors: told by workers, read by people. */
final class JobLogsTest {
    private TestServer server;
    private String session = "";
    private String id = "";
    private String token = "";

    @BeforeEach
    void startWithARunningJob() {
        server = TestServer.start();
        server.post("/jobs", "{\"type\":\"t\"}");
        session = server.post("/sessions", "{\"types\":[\"t\"]}").field("session_id");
        TestServer.Answer claimed = server.post("/sessions/" + session + "/claim", "{\"max\":1,\"wait\":\"20s\"}");
        id = claimed.field("id");
        token = claimed.field("token");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String note(String fields) {
        return "{\"notes\":[{\"id\":\"" + id + "\",\"token\":\"" + token + "\"," + fields + "}]}";
    }

    /** Notes are gathered before they are written. */
    private void untilLogHas(String text) {
        while (!server.get("/jobs/" + id + "/logs").body().contains(text)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anHttpWorkerTellsWithItsHeartbeat() {
        assertThat(server.get("/jobs/" + id).body()).contains("\"progress\":null");

        assertThat(server.post(
                                "/sessions/" + session + "/heartbeat",
                                note("\"percent\":40,\"text\":\"half\",\"lines\":[{\"message\":\"a\"},"
                                        + "{\"level\":\"warn\",\"message\":\"b\"}]"))
                        .status())
                .isEqualTo(200);
        untilLogHas("\"b\"");

        TestServer.Answer log = server.get("/jobs/" + id + "/logs?limit=1");
        assertThat(log.field("message")).isEqualTo("a");
        assertThat(log.field("level")).isEqualTo("info");
        TestServer.Answer rest = server.get("/jobs/" + id + "/logs?after=" + log.field("next_cursor"));
        assertThat(rest.field("message")).isEqualTo("b");
        assertThat(rest.field("lost")).isEqualTo("0");
        TestServer.Answer job = server.get("/jobs/" + id);
        assertThat(job.field("progress")).isEqualTo("40");
        assertThat(job.field("progress_text")).isEqualTo("half");
        assertThat(job.field("status")).isEqualTo("running");
    }

    @Test
    void anotherTokenTellsNothing() {
        String forged = token;
        token = "x".repeat(38);
        server.post("/sessions/" + session + "/heartbeat", note("\"lines\":[{\"message\":\"lie\"}]"));
        token = forged;
        server.post("/sessions/" + session + "/heartbeat", note("\"lines\":[{\"message\":\"truth\"}]"));
        untilLogHas("truth");

        assertThat(server.get("/jobs/" + id + "/logs").body()).doesNotContain("lie");
    }

    @Test
    void badNotesAndQuestionsAreRefused() {
        String heartbeat = "/sessions/" + session + "/heartbeat";
        assertThat(server.post(heartbeat, note("\"percent\":101")).status()).isEqualTo(400);
        assertThat(server.post(heartbeat, note("\"progress\":1")).status()).isEqualTo(400);
        String logs = "/jobs/" + id + "/logs";
        for (String query : new String[] {
            "?after=-1",
            "?after=x",
            "?after=99999999999999999999",
            "?limit=0",
            "?limit=1001",
            "?after=1&after=2",
            "?from=1"
        }) {
            assertThat(server.get(logs + query).status()).as(query).isEqualTo(400);
        }
        assertThat(server.get("/jobs/019ac2b4-0000-7000-8000-000000000000/logs").status())
                .isEqualTo(404);
        assertThat(server.get("/jobs/x/logs").status()).isIn(400, 404);
    }

    @Test
    void theGrpcDoorReadsTheSame() {
        var ignored = server.grpc()
                .heartbeat(Wire.HeartbeatRequest.newBuilder()
                        .setSessionId(session)
                        .addHeld(token)
                        .addNotes(Wire.Note.newBuilder()
                                .setJobId(id)
                                .setToken(token)
                                .setPercent(7)
                                .setLost(3)
                                .addLines(Wire.NoteLine.newBuilder().setMessage("nul \u0000")))
                        .build());
        untilLogHas("nul \uFFFD");

        PulseServiceGrpc.PulseServiceBlockingStub grpc = server.grpc();
        Wire.GetJobLogsResponse log =
                grpc.getJobLogs(Wire.GetJobLogsRequest.newBuilder().setId(id).build());
        assertThat(log.getLines(0).getMessage()).isEqualTo("nul \uFFFD");
        assertThat(log.getLost()).isEqualTo(3);
        assertThat(log.getProgress().getPercent()).isEqualTo(7);
        assertThat(grpc.getJob(Wire.GetJobRequest.newBuilder().setId(id).build())
                        .getProgress()
                        .getPercent())
                .isEqualTo(7);

        assertThat(refused(grpc, Wire.GetJobLogsRequest.newBuilder().setId(id).setLimit(1_001)))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(grpc, Wire.GetJobLogsRequest.newBuilder().setId(id).setAfter(-1)))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(grpc, Wire.GetJobLogsRequest.newBuilder().setId("019ac2b4-0000-7000-8000-000000000000")))
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    private static Status.Code refused(
            PulseServiceGrpc.PulseServiceBlockingStub grpc, Wire.GetJobLogsRequest.Builder request) {
        try {
            grpc.getJobLogs(request.build());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }
}
