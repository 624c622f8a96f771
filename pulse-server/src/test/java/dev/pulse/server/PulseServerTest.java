package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The whole server on a real database. */
final class PulseServerTest {
    private static final ServerConfig CONFIG = TestServer.CONFIG.withDatabase(SharedPostgres.freshDatabase());

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
        String id;
        try (PulseServer server = PulseServer.start(CONFIG)) {
            assertThat(server.readyLine())
                    .isEqualTo(
                            "pulse ready http=127.0.0.1:" + server.httpAddress().port() + " grpc=127.0.0.1:"
                                    + server.grpcAddress().port());
            HttpResponse<String> stored =
                    send(server, "POST", "/jobs", "{\"type\":\"kept\",\"payload\":{ \"n\":1.0 }}");
            assertThat(stored.statusCode()).isEqualTo(201);
            id = TestServer.field(stored.body(), "id");
        }

        try (PulseServer server = PulseServer.start(CONFIG)) {
            HttpResponse<String> job = send(server, "GET", "/jobs/" + id, "");
            assertThat(job.statusCode()).isEqualTo(200);
            assertThat(job.body()).contains("\"payload\":{ \"n\":1.0 }", "\"status\":\"pending\"");
            assertThat(send(server, "GET", "/health/ready", "").statusCode()).isEqualTo(200);
            assertThat(send(server, "GET", "/servers", "").body()).contains("\"version\":");
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("127.0.0.1", taken.getLocalPort());
            Address free = new Address("127.0.0.1", 0);

            PulseException http = refused(withDoors(new DoorConfig(address, free, false, 1 << 20)));
            PulseException grpc = refused(withDoors(new DoorConfig(free, address, false, 1 << 20)));

            assertThat(http.code()).isEqualTo(ErrorCode.CONFIGURATION);
            assertThat(http).hasMessageContaining("http-addr: port " + address.port() + " is in use");
            assertThat(grpc).hasMessageContaining("grpc-addr: port " + address.port() + " is in use");
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsUnavailable() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }

        assertThat(refused(CONFIG.withDatabase("postgres://u:secret@127.0.0.1:" + nobody + "/db")))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
                    assertThat(refused.getMessage()).doesNotContain("secret");
                });
    }

    @Test
    void aServerNeedsADatabase() {
        assertThat(refused(TestServer.CONFIG)).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.CONFIGURATION);
            assertThat(refused).hasMessageContaining("--database-url");
        });
    }

    @Test
    void stoppingTwiceIsStoppingOnce() {
        PulseServer server = PulseServer.start(CONFIG);

        server.stop();
        server.stop();

        assertThat(catchThrowableOfType(IOException.class, () -> send(server, "GET", "/stats", "")))
                .isNotNull();
    }

    private static ServerConfig withDoors(DoorConfig doors) {
        return new ServerConfig(
                CONFIG.database(), doors, CONFIG.limits(), CONFIG.engine(), CONFIG.access(), CONFIG.drainLimit(), null);
    }

    private static PulseException refused(ServerConfig config) {
        return catchThrowableOfType(
                PulseException.class, () -> PulseServer.start(config).close());
    }

    private static HttpResponse<String> send(PulseServer server, String method, String path, String body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
