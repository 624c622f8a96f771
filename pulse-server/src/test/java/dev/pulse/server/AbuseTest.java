package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callers that take more than their share: they are stopped, and the others are served. */
final class AbuseTest {
    private static final int SLOW = 1_000;
    private static final int HUGE = 48 << 20;

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
    void aThousandSlowCallersKeepNobodyOut() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            byte[] headers = "POST /jobs HTTP/1.1\r\nHost: localh".getBytes(StandardCharsets.US_ASCII);
            byte[] body = "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{\"type\":"
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < SLOW; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        server.server().httpAddress().port());
                slow.add(socket);
                socket.getOutputStream().write(i % 2 == 0 ? headers : body);
            }
            assertThat(server.get("/stats").status()).isEqualTo(200);
            assertThat(server.post("/jobs", "{\"type\":\"slow\"}").status()).isEqualTo(201);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void b69AMessageThatUnpacksToFarMoreIsRefused() {
        Wire.SubmitJobsRequest.Builder huge = Wire.SubmitJobsRequest.newBuilder();
        Wire.Submission zeros = Wire.Submission.newBuilder()
                .setType("t")
                .setPayload(Wire.Payload.newBuilder().setData(com.google.protobuf.ByteString.copyFrom(new byte[HUGE])))
                .build();

        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.grpc()
                        .withCompression("gzip")
                        .submitJobs(huge.addJobs(zeros).build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(server.grpc().getStats(Wire.GetStatsRequest.getDefaultInstance()))
                .isNotNull();
    }

    @Test
    void b69ACompressedBodyIsNotUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[HUGE]);
        }

        TestServer.Answer answer = server.send(server.request("/jobs")
                .header("Content-Encoding", "gzip")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray())));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field("code")).isEqualTo("PULSE-1008");
    }

    @Test
    void requestsBeyondTheQuotaAreRefusedWithItsNameAtBothDoors() {
        try (TestServer small = limited(new QuotaConfig(5, 100, 100))) {
            TestServer.Answer refused = small.get("/stats");
            for (int i = 0; i < 20 && refused.status() == 200; i++) {
                refused = small.get("/stats");
            }

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.field("code")).isEqualTo("PULSE-4004");
            assertThat(refused.field("detail")).startsWith("caller-requests-per-second: 5 are allowed");
            StatusRuntimeException status = catchThrowableOfType(StatusRuntimeException.class, () -> {
                for (int i = 0; i < 20; i++) {
                    small.grpc().getStats(Wire.GetStatsRequest.getDefaultInstance());
                }
            });
            assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(WireErrors.fromStatus(status)).hasMessageContaining("caller-requests-per-second");
        }
    }

    @Test
    void streamsBeyondTheQuotaAreRefusedUntilOneEnds() throws Exception {
        try (TestServer small = limited(new QuotaConfig(1_000, 100, 1))) {
            Open first = new Open();
            StreamObserver<Wire.WorkerMessage> said = first.open(small);
            assertThat(first.welcomed.get(10, TimeUnit.SECONDS).hasWelcome()).isTrue();

            Open second = new Open();
            second.open(small);
            Status refused = Status.fromThrowable(second.ended.get(10, TimeUnit.SECONDS));
            assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.getDescription()).contains("caller-open-streams: 1");

            said.onNext(Wire.WorkerMessage.newBuilder()
                    .setGoodbye(Wire.Goodbye.getDefaultInstance())
                    .build());
            first.completed.get(10, TimeUnit.SECONDS);
            Open third = new Open();
            third.open(small);
            assertThat(third.welcomed.get(10, TimeUnit.SECONDS).hasWelcome()).isTrue();
        }
    }

    private static TestServer limited(QuotaConfig quotas) {
        DoorConfig doors = TestServer.CONFIG.doors();
        return TestServer.start(
                new DoorConfig(doors.http(), doors.grpc(), false, doors.bodyBytes(), null, false, quotas));
    }

    /** A worker's stream as the worker sees it. */
    private static final class Open implements StreamObserver<Wire.ServerMessage> {
        private final CompletableFuture<Wire.ServerMessage> welcomed = new CompletableFuture<>();
        private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
        private final CompletableFuture<Boolean> completed = new CompletableFuture<>();

        StreamObserver<Wire.WorkerMessage> open(TestServer server) {
            StreamObserver<Wire.WorkerMessage> said =
                    PulseServiceGrpc.newStub(server.channel()).streamJobs(this);
            said.onNext(Wire.WorkerMessage.newBuilder()
                    .setHello(Wire.Hello.newBuilder()
                            .setSessionId(java.util.UUID.randomUUID().toString())
                            .addTypes("t")
                            .setSlots(1))
                    .build());
            return said;
        }

        @Override
        public void onNext(Wire.ServerMessage message) {
            welcomed.complete(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(failure);
        }

        @Override
        public void onCompleted() {
            completed.complete(true);
        }
    }
}
