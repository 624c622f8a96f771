package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RestBundlesTest {
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
    void aBundleIsCreatedShownAndListedWithItsMembers() {
        TestServer.Answer created = server.post(
                "/bundles",
                "{\"type\":\"import\",\"origin\":\"me\",\"jobs\":[{\"type\":\"a\"},{\"type\":\"b\",\"delay\":\"1h\"}],"
                        + "\"on_complete\":{\"type\":\"done\"}}");

        assertThat(created.status()).isEqualTo(201);
        String id = created.field("id");
        assertThat(created.header("Location")).isEqualTo("/bundles/" + id);
        assertThat(created.field("status")).isEqualTo("open");
        assertThat(created.field("total")).isEqualTo("2");
        assertThat(created.field("unfinished")).isEqualTo("2");
        assertThat(server.get("/bundles/" + id).body()).isEqualTo(created.body());
        assertThat(server.get("/bundles?type=import&status=open").body()).contains(id);
        assertThat(server.get("/jobs?bundle_id=" + id).body())
                .contains("\"type\":\"a\"", "\"type\":\"b\"", "\"bundle_id\":\"" + id + "\"")
                .doesNotContain("\"type\":\"done\"");
    }

    @Test
    void canceledMembersFinishTheBundleAndItsCallbackIsSubmittedOnce() {
        String id = server.post(
                        "/bundles",
                        "{\"type\":\"b\",\"jobs\":[{\"type\":\"x\"},{\"type\":\"x\"}],"
                                + "\"on_complete\":{\"type\":\"after-cancel\"}}")
                .field("id");
        assertThat(server.delete("/bundles/" + id).status()).isEqualTo(409);

        TestServer.Answer canceled = server.post("/bundles/" + id + "/cancel", "{}");

        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.field("canceled")).isEqualTo("2");
        TestServer.Answer finished = server.get("/bundles/" + id + "/wait?timeout=20s");
        assertThat(finished.status()).isEqualTo(200);
        assertThat(finished.field("status")).isEqualTo("canceled");
        assertThat(server.get("/jobs?type=after-cancel").body()).containsOnlyOnce("\"type\":\"after-cancel\"");
        assertThat(server.post("/bundles/" + id + "/cancel", "{}").status()).isEqualTo(409);
        assertThat(server.delete("/bundles/" + id).status()).isEqualTo(200);
        assertThat(server.get("/bundles/" + id).field("code")).isEqualTo("PULSE-1131");
    }

    @Test
    void theSameBundleAgainIsADuplicateAndOtherContentAConflict() {
        String body =
                "{\"id\":\"" + UUID.randomUUID() + "\",\"type\":\"b\",\"jobs\":[{\"type\":\"x\",\"delay\":\"1h\"}]}";

        assertThat(server.post("/bundles", body).status()).isEqualTo(201);
        TestServer.Answer again = server.post("/bundles", body);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.field("duplicate")).isEqualTo("true");
        assertThat(server.post("/bundles", body.replace("1h", "2h")).field("code"))
                .isEqualTo("PULSE-2002");
    }

    @Test
    void oneBadMemberRefusesAllNamingItsPlace() {
        refused(
                "{\"type\":\"b\",\"jobs\":[{\"type\":\"x\"},{\"type\":\"x\",\"priority\":\"high\"}]}",
                "jobs[1].priority");
        refused("{\"type\":\"b\",\"jobs\":[]}", "jobs");
        refused("{\"jobs\":[{\"type\":\"x\"}]}", "type");
        refused(
                "{\"type\":\"b\",\"jobs\":[{\"type\":\"x\"}],\"on_complete\":{\"type\":\"x\",\"key\":\"k\"}}",
                "on_complete.key");
        refused(
                "{\"type\":\"b\",\"bundles\":[{\"type\":\"c\",\"jobs\":[{\"type\":\"\"}]}]}",
                "bundles[0].jobs[0].type");
    }

    @Test
    void aBundleInItselfIsRefused() {
        String id = UUID.randomUUID().toString();
        refused(
                "{\"id\":\"" + id + "\",\"type\":\"b\",\"bundles\":[{\"id\":\"" + id
                        + "\",\"type\":\"b\",\"jobs\":[{\"type\":\"x\"}]}]}",
                "bundles[0].id");
    }

    @Test
    void aThousandMembersAreTakenAndOneMoreIsNot() {
        assertThat(server.post("/bundles", many(1_000)).field("total")).isEqualTo("1000");
        assertThat(server.post("/bundles", many(1_001)).status()).isEqualTo(413);
    }

    @Test
    void badQueriesAndIdsAreRefused() {
        assertThat(server.get("/bundles?status=pending").status()).isEqualTo(400);
        assertThat(server.get("/bundles?queue=x").status()).isEqualTo(400);
        assertThat(server.get("/bundles/1").status()).isEqualTo(400);
        assertThat(server.get("/bundles/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(server.get("/bundles/" + UUID.randomUUID() + "/wait?timeout=1s")
                        .status())
                .isEqualTo(404);
        assertThat(server.get("/jobs?bundle_id=1").status()).isEqualTo(400);
    }

    private static String many(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> "{\"type\":\"many\",\"delay\":\"1h\"}")
                .collect(Collectors.joining(",", "{\"type\":\"b\",\"jobs\":[", "]}"));
    }

    private static void refused(String body, String field) {
        TestServer.Answer answer = server.post("/bundles", body);
        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.field("field")).as(body).isEqualTo(field);
    }
}
