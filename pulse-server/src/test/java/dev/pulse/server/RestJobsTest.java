package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.JobStatus;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RestJobsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theCurlLineOfTheReadmeWorks() {
        TestServer.Answer answer = server.post(
                "/jobs",
                "{\"type\":\"email\",\"priority\":1}".getBytes(StandardCharsets.UTF_8),
                "application/x-www-form-urlencoded");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + answer.field("id"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.field("status")).isEqualTo("pending");
        assertThat(answer.field("priority")).isEqualTo("1");
        assertThat(answer.body()).contains("\"payload\":{}").doesNotContain("duplicate");
    }

    @Test
    void aBodyWithoutAContentTypeIsReadAsJson() {
        assertThat(server.post("/jobs", "{\"type\":\"email\"}".getBytes(StandardCharsets.UTF_8), "")
                        .status())
                .isEqualTo(201);
        assertThat(server.post(
                                "/jobs",
                                "{\"type\":\"email\"}".getBytes(StandardCharsets.UTF_8),
                                "Application/JSON; charset=\"UTF-8\"")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whatWasSubmittedIsShownAsItWasSent() {
        String payload = "{ \"b\":1.0,\"a\":[1e400] ,\"b\":\"\\u0000\" }";

        String id = server.post(
                        "/jobs", "{\"type\":\"t\",\"payload\":" + payload + ",\"delay\":\"1h\",\"tags\":{\"a\":\"b\"}}")
                .field("id");
        TestServer.Answer job = server.get("/jobs/" + id);

        assertThat(job.status()).isEqualTo(200);
        assertThat(job.body()).contains("\"payload\":" + payload + ",").contains("\"attempts\":[]");
        assertThat(job.field("status")).isEqualTo("scheduled");
        assertThat(job.field("run_at")).isNotEmpty();
    }

    @Test
    void theSameIdWithTheSameContentIsADuplicate() {
        String body = "{\"id\":\"" + UUID.randomUUID() + "\",\"type\":\"t\",\"payload\":[1]}";

        assertThat(server.post("/jobs", body).status()).isEqualTo(201);
        TestServer.Answer again = server.post("/jobs", body);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.field("duplicate")).isEqualTo("true");

        TestServer.Answer other = server.post("/jobs", body.replace("[1]", "[2]"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.field("code")).isEqualTo("PULSE-2002");
    }

    @Test
    void theSameKeyWithOtherContentIsAConflict() {
        String body = "{\"type\":\"keyed\",\"key\":\"welcome-42\",\"payload\":1}";
        String id = server.post("/jobs", body).field("id");

        assertThat(server.post("/jobs", body).field("id")).isEqualTo(id);
        TestServer.Answer other = server.post("/jobs", body.replace(":1}", ":2}"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.field("code")).isEqualTo("PULSE-2003");
    }

    @Test
    void aBatchAnswersInItsOrder() {
        TestServer.Answer answer = server.post(
                "/jobs/batch", "{\"jobs\":[{\"type\":\"b1\"},{\"type\":\"b2\",\"delay\":\"1h\"},{\"type\":\"b3\"}]}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).matches("(?s)\\{\"items\":\\[.*\"b1\".*\"b2\".*\"b3\".*");
    }

    @Test
    void aPartialBatchStoresTheGoodAndNamesTheBad() {
        TestServer.Answer answer = server.post(
                "/jobs/batch",
                "{\"atomic\":false,\"jobs\":[{\"type\":\"p1\"},{\"type\":\"p2\",\"priority\":1.5},{\"type\":\"p3\"}]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"type\":\"p1\"", "\"type\":\"p3\"", "{\"error\":{\"code\":\"PULSE-1001\"")
                .contains("\"field\":\"priority\"");
        assertThat(server.get("/jobs?type=p2").body()).contains("\"items\":[]");
    }

    @Test
    void actionsAnswerWithTheJob() {
        String id =
                server.post("/jobs", "{\"type\":\"acted\",\"delay\":\"1h\"}").field("id");

        assertThat(server.post("/jobs/" + id + "/run-now", "").field("status")).isEqualTo("pending");
        assertThat(server.post("/jobs/" + id + "/cancel", "{}").field("status")).isEqualTo("canceled");
        TestServer.Answer twice = server.post("/jobs/" + id + "/cancel", "");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.field("detail")).contains("canceled");
        assertThat(server.post("/jobs/" + id + "/requeue", "").field("status")).isEqualTo("pending");
        assertThat(server.delete("/jobs/" + id).status()).isEqualTo(200);
        assertThat(server.get("/jobs/" + id).status()).isEqualTo(404);
        assertThat(server.delete("/jobs/" + id).status()).isEqualTo(404);
    }

    @Test
    void waitAnswersWithThePresentStateWhenTheTimeIsOver() {
        String id = server.post("/jobs", "{\"type\":\"waited\"}").field("id");

        TestServer.Answer early = server.get("/jobs/" + id + "/wait?timeout=10ms");
        assertThat(early.status()).isEqualTo(202);
        assertThat(early.field("status")).isEqualTo("pending");

        server.post("/jobs/" + id + "/cancel", "");
        assertThat(server.get("/jobs/" + id + "/wait?timeout=30s").status()).isEqualTo(200);
    }

    @Test
    void aListGoesOnWhereItsCursorSays() {
        for (int i = 0; i < 5; i++) {
            server.post("/jobs", "{\"type\":\"listed\",\"priority\":" + i + "}");
        }

        TestServer.Answer first = server.get("/jobs?type=listed&limit=3");
        TestServer.Answer second = server.get("/jobs?type=listed&limit=3&cursor=" + first.field("next_cursor"));

        assertThat(first.body()).containsSubsequence("\"priority\":4", "\"priority\":3", "\"priority\":2");
        assertThat(second.body()).containsSubsequence("\"priority\":1", "\"priority\":0");
        assertThat(second.body()).contains("\"next_cursor\":null");
    }

    @Test
    void bulkCountsFirstAndActsThen() {
        for (int i = 0; i < 3; i++) {
            server.post("/jobs", "{\"type\":\"bulk\"}");
        }
        String request =
                "{\"action\":\"cancel\",\"filter\":{\"type\":\"bulk\",\"status\":\"pending\"},\"dry_run\":true}";

        assertThat(server.post("/jobs/bulk", request).body())
                .isEqualTo("{\"matched\":3,\"changed\":0,\"skipped\":{},\"finished\":true}");
        assertThat(server.post("/jobs/bulk", request.replace("true", "false")).body())
                .startsWith("{\"matched\":3,\"changed\":3,\"skipped\":{},\"finished\":true,\"id\":\"");
    }

    @Test
    void aHeadRequestIsAGetWithoutItsBody() {
        TestServer.Answer answer =
                server.send(server.request("/stats").method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void theSystemShowsItself() {
        server.post("/jobs", "{\"type\":\"counted\"}");

        assertThat(server.get("/stats").body()).contains("\"type\":\"counted\",\"scheduled\":0,\"pending\":1");
        assertThat(server.get("/throughput").body())
                .startsWith("{\"bucket_s\":60,\"items\":[{\"start\":")
                .contains("\"completed\":0,\"dead_lettered\":0,\"retried\":0");
        assertThat(server.get("/throughput?window=2h&bucket=1h").body().split("start", -1))
                .hasSize(3);
        assertThat(server.get("/workers").body()).startsWith("{\"items\":[");
        assertThat(server.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(server.get("/health/ready").status()).isEqualTo(200);
        assertThat(server.get("/servers").body()).contains("\"version\":\"" + PulseServer.version() + "\"");
    }

    @Test
    void anHttpWorkerDoesItsWork() {
        String jobId = server.post("/jobs", "{\"type\":\"http-work\",\"payload\":{\"n\":1}}")
                .field("id");
        TestServer.Answer opened = server.post("/sessions", "{\"types\":[\"http-work\"],\"lease_ttl\":\"10s\"}");
        String session = "/sessions/" + opened.field("session_id");
        assertThat(opened.status()).isEqualTo(201);
        assertThat(opened.field("lease_ttl_s")).isEqualTo("10");

        TestServer.Answer claimed = server.post(session + "/claim", "{\"max\":5,\"wait\":\"5s\"}");
        assertThat(claimed.field("id")).isEqualTo(jobId);
        assertThat(claimed.field("attempt")).isEqualTo("1");
        String token = claimed.field("token");
        assertThat(server.post(session + "/heartbeat", "{\"held\":[\"" + token + "\"]}")
                        .body())
                .isEqualTo("{\"cancel\":[],\"drain\":false}");

        String report = "{\"reports\":[{\"id\":\"" + jobId + "\",\"token\":\"" + token
                + "\",\"outcome\":\"ack\",\"result\":{ \"ok\":true }}]}";
        String applied = "{\"items\":[{\"id\":\"" + jobId + "\",\"answer\":\"applied\"}]}";
        assertThat(server.post(session + "/report", report).body()).isEqualTo(applied);
        assertThat(server.post(session + "/report", report).body()).isEqualTo(applied);
        TestServer.Answer job = server.get("/jobs/" + jobId);
        assertThat(job.body())
                .contains("\"status\":\"completed\"", "\"result\":{ \"ok\":true }", "\"outcome\":\"ack\"");

        assertThat(server.post(session + "/report", report.replace(token, "x")).field("answer"))
                .isEqualTo("stale");
        assertThat(server.post(
                                session + "/report",
                                report.replace(jobId, UUID.randomUUID().toString()))
                        .field("answer"))
                .isEqualTo("unknown");
        assertThat(server.delete(session).status()).isEqualTo(200);
        assertThat(server.post(session + "/claim", "{}").status()).isIn(404, 409);
    }

    @Test
    void aDeletedSessionHandsBackWhatItHeld() {
        String jobId = server.post("/jobs", "{\"type\":\"handed-back\"}").field("id");
        String session = "/sessions/"
                + server.post("/sessions", "{\"types\":[\"handed-back\"]}").field("session_id");
        assertThat(server.post(session + "/claim", "{\"max\":1,\"wait\":\"5s\"}")
                        .field("id"))
                .isEqualTo(jobId);

        assertThat(server.delete(session).status()).isEqualTo(200);

        assertThat(server.get("/jobs/" + jobId).field("status")).isEqualTo(JobStatus.PENDING.wireName());
    }

    @Test
    void aReportAfterTheSessionEndedIsStale() {
        String jobId = server.post("/jobs", "{\"type\":\"late\"}").field("id");
        String session = "/sessions/"
                + server.post("/sessions", "{\"types\":[\"late\"]}").field("session_id");
        String token =
                server.post(session + "/claim", "{\"max\":1,\"wait\":\"5s\"}").field("token");
        server.delete(session);

        TestServer.Answer late = server.post(
                session + "/report",
                "{\"reports\":[{\"id\":\"" + jobId + "\",\"token\":\"" + token + "\",\"outcome\":\"ack\"}]}");

        assertThat(late.status()).isEqualTo(200);
        assertThat(late.field("answer")).isEqualTo("stale");
    }

    @Test
    void deadLettersAreRetried() {
        String jobId =
                server.post("/jobs", "{\"type\":\"dead\",\"max_attempts\":1}").field("id");
        String session = "/sessions/"
                + server.post("/sessions", "{\"types\":[\"dead\"]}").field("session_id");
        String token =
                server.post(session + "/claim", "{\"max\":1,\"wait\":\"5s\"}").field("token");
        server.post(
                session + "/report",
                "{\"reports\":[{\"id\":\"" + jobId + "\",\"token\":\"" + token
                        + "\",\"outcome\":\"fail\",\"error\":\"boom\"}]}");

        assertThat(server.get("/dlq?type=dead").body()).contains(jobId, "\"message\":\"boom\"");
        assertThat(server.post("/dlq/" + jobId + "/retry", "").field("status")).isEqualTo("pending");
        assertThat(server.post("/dlq/" + jobId + "/retry", "").status()).isEqualTo(409);
        assertThat(server.post("/dlq/retry", "{\"type\":\"dead\"}").body())
                .startsWith("{\"matched\":0,\"changed\":0,\"skipped\":{},\"finished\":true,");
    }
}
