package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.EventFilter;
import dev.pulse.model.SubscriptionSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stream of events as a browser or curl reads it, and subscriptions as an operator sees them. */
@Timeout(60)
class EventRoutesTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    /** One open stream, read line by line. */
    private final class Stream implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Stream(String path, String... headers) throws IOException {
            socket = new Socket(
                    InetAddress.getLoopbackAddress(),
                    server.server().httpAddress().port());
            socket.setSoTimeout(30_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Everything up to and with the first line that begins so. */
        List<String> until(String beginning) throws IOException {
            List<String> read = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read.add(line);
                if (line.startsWith(beginning)) {
                    return read;
                }
            }
            throw new AssertionError("the stream ended without " + beginning + ": " + read);
        }

        String next(String beginning) throws IOException {
            return until(beginning).getLast();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private String submit(String type) {
        return server.post("/jobs", "{\"type\":\"" + type + "\"}").field("id");
    }

    @Test
    void eventsAreStreamedAsTheyCommit() throws IOException {
        try (Stream stream = new Stream("/events")) {
            List<String> head = stream.until(": pulse");
            assertThat(head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head).anyMatch(line -> line.equalsIgnoreCase("content-type: text/event-stream"));
            assertThat(head).anyMatch(line -> line.equalsIgnoreCase("cache-control: no-store"));

            String id = submit("email");

            assertThat(stream.next("id: ")).matches("id: \\d+\\.\\d+\\.\\d+");
            assertThat(stream.next("event: ")).isEqualTo("event: submitted");
            assertThat(stream.next("data: "))
                    .contains("\"job_id\":\"" + id + "\"")
                    .contains("\"type\":\"email\"")
                    .contains("\"queue\":\"default\"")
                    .contains("\"kind\":\"submitted\"");
        }
    }

    @Test
    void theStreamIsFilteredByTypeQueueAndKind() throws IOException {
        try (Stream stream = new Stream("/events?type=a&type=b&queue=q&kind=canceled")) {
            stream.until(": pulse");
            submit("a");
            server.post("/jobs", "{\"type\":\"c\",\"queue\":\"q\"}");
            String wanted =
                    server.post("/jobs", "{\"type\":\"b\",\"queue\":\"q\"}").field("id");
            server.post("/jobs/" + wanted + "/cancel", "");

            assertThat(stream.next("data: ")).contains(wanted).contains("canceled");
        }
    }

    @Test
    void aReaderThatComesBackMissesNothing() throws IOException {
        String last;
        try (Stream stream = new Stream("/events")) {
            stream.until(": pulse");
            submit("first");
            last = stream.next("id: ").substring(4);
        }
        List<String> missed =
                IntStream.range(0, 5).mapToObj(i -> submit("later")).toList();

        try (Stream again = new Stream("/events", "Last-Event-ID: " + last + "\r\n")) {
            for (String id : missed) {
                assertThat(again.next("data: ")).contains(id);
            }
        }
        try (Stream again = new Stream("/events?after=" + last)) {
            assertThat(again.next("data: ")).contains(missed.getFirst());
        }
    }

    @Test
    void manyReadersSeeTheSameEvents() throws IOException {
        List<Stream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Stream stream = new Stream("/events");
                streams.add(stream);
                stream.until(": pulse");
            }
            String id = submit("email");
            for (Stream stream : streams) {
                assertThat(stream.next("data: ")).contains(id);
            }
        } finally {
            for (Stream stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void aServerThatStopsEndsItsStreams() throws IOException {
        try (Stream stream = new Stream("/events")) {
            stream.until(": pulse");
            Thread stopping = Thread.ofVirtual().start(server.server()::stop);

            assertThat(stream.next("event: ")).isEqualTo("event: end");
            assertThat(stream.next("data: ")).contains("PULSE-5003");
            assertThat(stopping).isNotNull();
        }
    }

    @Test
    void whatIsWrongIsRefusedBeforeTheStreamBegins() {
        assertThat(server.get("/events?kind=exploded").status()).isEqualTo(400);
        assertThat(server.get("/events?kind=exploded").field("detail")).contains("submitted");
        assertThat(server.get("/events?type=no/slash").status()).isEqualTo(400);
        assertThat(server.get("/events?after=yesterday").status()).isEqualTo(400);
        assertThat(server.get("/events?after=900000000000000000.0.0").status()).isEqualTo(400);
        assertThat(server.get("/events?tpye=a").status()).isEqualTo(400);
        assertThat(server.send(server.request("/events").GET().header("Last-Event-ID", "7"))
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/events", "").status()).isEqualTo(405);
    }

    @Test
    void subscriptionsAreListedAndDeleted() {
        server.stores()
                .events()
                .subscribe(new SubscriptionSpec("group", EventFilter.ALL.types("email"), SubscriptionSpec.Start.NOW));
        submit("email");

        TestServer.Answer list = server.get("/subscriptions");
        assertThat(list.field("name")).isEqualTo("group");
        assertThat(list.field("unread")).isEqualTo("1");
        assertThat(list.field("gaps")).isEqualTo("0");
        assertThat(server.get("/subscriptions/group/parked").body()).contains("\"items\":[]");
        assertThat(server.post("/subscriptions/group/parked/release", "").field("released"))
                .isEqualTo("0");

        assertThat(server.delete("/subscriptions/group").status()).isEqualTo(200);
        assertThat(server.delete("/subscriptions/group").status()).isEqualTo(404);
        assertThat(server.get("/subscriptions/group/parked").status()).isEqualTo(404);
        assertThat(server.get("/subscriptions").body()).contains("\"items\":[]");
    }
}
