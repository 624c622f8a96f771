package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.protocol.v1.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Health at both doors. */
final class HealthDoorTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.post("/jobs", "{\"type\":\"nobody-serves-this\"}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void detailsNameWhatSomebodyShouldLookAt() {
        TestServer.Answer health = server.get("/health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body())
                .startsWith("{\"status\":\"warn\",\"live\":true,\"ready\":true,\"leader\":true,\"checks\":[")
                .contains(
                        "\"name\":\"workers\",\"status\":\"warn\",\"message\":\"no worker serves nobody-serves-this\"")
                .contains("\"name\":\"vacuum\",\"status\":\"ok\"");
    }

    @Test
    void bothDoorsSayTheSame() {
        Wire.Health health = server.grpc().getHealth(Wire.GetHealthRequest.getDefaultInstance());

        assertThat(health.getReady()).isTrue();
        assertThat(health.getChecksList())
                .allSatisfy(check -> assertThat(server.get("/health").body())
                        .contains("\"name\":\"" + check.getName() + "\",\"status\":\"" + check.getStatus() + "\""));
    }

    @Test
    void anUnknownQueryIsRefused() {
        assertThat(server.get("/health?verbose=1").status()).isEqualTo(400);
    }

    @Test
    void liveAndReadyAreShort() {
        assertThat(server.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(server.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    }
}
