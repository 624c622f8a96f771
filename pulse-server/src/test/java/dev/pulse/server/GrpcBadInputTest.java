package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bad-input catalogue at the gRPC door, by its row numbers. Whatever is sent here, nothing is stored. */
final class GrpcBadInputTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingWasStoredAndTheNextGoodCallWorks() {
        assertThat(server.storedJobs()).isZero();
        assertThat(server.grpc()
                        .getStats(Wire.GetStatsRequest.getDefaultInstance())
                        .getTypesCount())
                .isZero();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("B01", "queue", job -> job.setQueue("")),
                fault("B02", "queue", job -> job.setQueue("x".repeat(10_000))),
                fault("B03", "queue", job -> job.setQueue("a#b")),
                fault("B04", "type", job -> job.setType("\u202etype")),
                fault("B07", "key", job -> job.setKey("a\u0000b")),
                fault("B08", "payload", job -> job.setPayload(json("{\"a\":"))),
                fault(
                        "B10",
                        "payload",
                        job -> job.setPayload(Wire.Payload.newBuilder()
                                .setData(ByteString.copyFrom(new byte[] {'"', (byte) 0xff, '"'})))),
                fault("B15", "payload", job -> job.setPayload(json("[".repeat(101) + "]".repeat(101)))),
                fault("B20", "payload", job -> job.setPayload(json("{} {}"))),
                fault("B20", "payload", job -> job.setPayload(json(""))),
                fault("B23", "max_attempts", job -> job.setMaxAttempts(0)),
                fault("B24", "timeout", job -> job.setTimeout(Duration.newBuilder())),
                fault(
                        "B24",
                        "timeout",
                        job -> job.setTimeout(
                                Duration.newBuilder().setSeconds(1).setNanos(-1))),
                fault(
                        "B24",
                        "timeout",
                        job -> job.setTimeout(Duration.newBuilder().setSeconds(Long.MAX_VALUE))),
                fault("B25", "delay", job -> job.setDelay(Duration.newBuilder().setSeconds(-1))),
                fault(
                        "B25",
                        "delay",
                        job -> job.setDelay(Duration.newBuilder().setSeconds(1))
                                .setRunAt(Timestamp.newBuilder().setSeconds(1))),
                fault(
                        "B26",
                        "run_at",
                        job -> job.setRunAt(Timestamp.newBuilder().setNanos(1_000_000_000))),
                fault(
                        "B26",
                        "run_at",
                        job -> job.setRunAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))),
                fault(
                        "B26",
                        "run_at",
                        job -> job.setRunAt(Timestamp.newBuilder().setSeconds(-1))),
                fault("B41", "id", job -> job.setId("nope")),
                fault("B44", "key", job -> job.setKey("a b")),
                fault("B53", "tags", job -> job.putTags("pulse.x", "1")),
                fault("B66", "type", job -> job.clearType()),
                fault("B98", "backoff", job -> job.setBackoff("sometimes")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aSubmissionAtFaultIsRefusedByItsField(String row, String field, Consumer<Wire.Submission.Builder> fault) {
        PulseException single = refused(() -> server.grpc().submitJob(request(fault)));
        PulseException batch = refused(() -> server.grpc()
                .submitJobs(Wire.SubmitJobsRequest.newBuilder()
                        .addJobs(job(good -> {}))
                        .addJobs(job(fault))
                        .build()));

        assertThat(single.code()).as(row).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(single.violations()).extracting(Violation::field).contains(field);
        assertThat(batch.violations()).extracting(Violation::field).contains("jobs[1]." + field);
    }

    @Test
    void b13APayloadOverTheLimitIsTooLarge() {
        assertThat(refused(() -> server.grpc()
                                .submitJob(request(job -> job.setPayload(json("\"" + "x".repeat(64 * 1024) + "\"")))))
                        .code())
                .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void b46ABatchHasOneToAThousandJobs() {
        assertThat(refused(() -> server.grpc().submitJobs(Wire.SubmitJobsRequest.getDefaultInstance()))
                        .field())
                .isEqualTo("jobs");
        Wire.SubmitJobsRequest.Builder many = Wire.SubmitJobsRequest.newBuilder();
        for (int i = 0; i < 1_001; i++) {
            many.addJobs(job(good -> {}));
        }
        assertThat(refused(() -> server.grpc().submitJobs(many.build())).code()).isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    @Test
    void b47AMessageOverTheLimitIsRefused() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.grpc().submitJob(request(job -> job.setPayload(json("\"" + "x".repeat(2 << 20) + "\"")))));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void b54MetadataIsBounded() {
        io.grpc.Metadata metadata = new io.grpc.Metadata();
        metadata.put(io.grpc.Metadata.Key.of("x", io.grpc.Metadata.ASCII_STRING_MARSHALLER), "y".repeat(64 << 10));

        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.grpc()
                        .withInterceptors(io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .submitJob(request(job -> {})));

        assertThat(refused.getStatus().getCode()).isNotEqualTo(Status.Code.OK);
    }

    @Test
    void anUnknownOrMalformedIdIsRefused() {
        String unknown = UUID.randomUUID().toString();

        assertThat(refused(() -> server.grpc()
                                .getJob(Wire.GetJobRequest.newBuilder()
                                        .setId("x")
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ID);
        assertThat(refused(() -> server.grpc()
                                .getJob(Wire.GetJobRequest.newBuilder()
                                        .setId(unknown)
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(refused(() -> server.grpc()
                                .waitJob(Wire.WaitJobRequest.newBuilder()
                                        .setId(unknown)
                                        .setTimeout(Duration.newBuilder().setSeconds(5))
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(refused(() -> server.grpc()
                                .deleteJob(Wire.DeleteJobRequest.newBuilder()
                                        .setId(unknown)
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.JOB_NOT_FOUND);
        assertThat(refused(() -> server.grpc()
                                .claimJobs(Wire.ClaimJobsRequest.newBuilder()
                                        .setSessionId(unknown)
                                        .setMax(1)
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void b60ASessionAtFaultIsRefused() {
        assertThat(refused(() -> server.grpc()
                                .openSession(Wire.OpenSessionRequest.newBuilder()
                                        .setHello(Wire.Hello.newBuilder().setSlots(-1))
                                        .build()))
                        .violations())
                .extracting(Violation::field)
                .contains("types", "slots");
    }

    @Test
    void b56AReportOfWhatWasNeverGrantedIsAnswered() {
        String session = server.grpc()
                .openSession(Wire.OpenSessionRequest.newBuilder()
                        .setHello(Wire.Hello.newBuilder().addTypes("t"))
                        .build())
                .getSessionId();
        LeaseToken token = new LeaseToken(1, 1, UUID.randomUUID());

        Wire.ReportResultsResponse response = server.grpc()
                .reportResults(Wire.ReportResultsRequest.newBuilder()
                        .setSessionId(session)
                        .addReports(Wire.Report.newBuilder()
                                .setJobId(UUID.randomUUID().toString())
                                .setToken(token.text())
                                .setOutcome(Wire.Outcome.OUTCOME_ACK))
                        .build());

        assertThat(response.getAnswers(0).getAnswer()).isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_UNKNOWN);
        assertThat(refused(() -> server.grpc()
                                .reportResults(Wire.ReportResultsRequest.newBuilder()
                                        .setSessionId(session)
                                        .addReports(Wire.Report.newBuilder()
                                                .setJobId("x")
                                                .setToken("y"))
                                        .build()))
                        .code())
                .isIn(ErrorCode.INVALID_FIELD, ErrorCode.INVALID_ID);
    }

    @Test
    void b65AnUnknownMethodIsUnimplemented() {
        StatusRuntimeException refused = raw("pulse.v1.PulseService/NoSuchMethod", new byte[0]);

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void b66WhatIsNoMessageIsInvalid() {
        for (byte[] garbage : new byte[][] {
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            {0x0a, 0x7f, 0x01},
            {0x0a, 0x04, 0x12, 0x02, (byte) 0xff, (byte) 0xfe}
        }) {
            StatusRuntimeException refused = raw("pulse.v1.PulseService/SubmitJob", garbage);

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(WireErrors.fromStatus(refused).code()).isEqualTo(ErrorCode.MALFORMED_BODY);
        }
    }

    @Test
    void b66AnUnknownFieldIsIgnoredForVersionsToCome() throws Exception {
        byte[] known = Wire.GetStatsRequest.getDefaultInstance().toByteArray();
        byte[] withUnknown = new byte[known.length + 3];
        withUnknown[0] = (byte) 0xfa;
        withUnknown[1] = 0x01;
        withUnknown[2] = 0x00;

        assertThat(call("pulse.v1.PulseService/GetStats", withUnknown)).isNotNull();
    }

    @Test
    void b67ADeadlineThatIsPastStoresNothing() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.grpc().withDeadlineAfter(-1, TimeUnit.MILLISECONDS).submitJob(request(job -> {})));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    private static Arguments fault(String row, String field, Consumer<Wire.Submission.Builder> fault) {
        return Arguments.of(row, field, fault);
    }

    private static Wire.SubmitJobRequest request(Consumer<Wire.Submission.Builder> change) {
        return Wire.SubmitJobRequest.newBuilder().setJob(job(change)).build();
    }

    private static Wire.Submission.Builder job(Consumer<Wire.Submission.Builder> change) {
        Wire.Submission.Builder job = Wire.Submission.newBuilder().setType("t");
        change.accept(job);
        return job;
    }

    private static Wire.Payload.Builder json(String text) {
        return Wire.Payload.newBuilder().setData(ByteString.copyFromUtf8(text));
    }

    private static PulseException refused(ThrowingCallable call) {
        return WireErrors.fromStatus(catchThrowableOfType(StatusRuntimeException.class, call));
    }

    private static StatusRuntimeException raw(String method, byte[] message) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> call(method, message));
    }

    private static byte[] call(String method, byte[] message) {
        MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setFullMethodName(method)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setRequestMarshaller(bytes)
                .setResponseMarshaller(bytes)
                .build();
        return ClientCalls.blockingUnaryCall(
                server.channel(), descriptor, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), message);
    }

    @Test
    void b68PlainHttpAtTheGrpcPortIsTurnedAway() throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.server().grpcAddress().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // no HTTP/2 at all
                "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff",
                // a frame that claims to be the largest there is, of a type that is none
                "ffffffffffffffffff",
                // headers that end in the middle
                "000010010400000001828684",
                // a call whose message claims 4 GiB
                "0000000401000000000000000501040000000183868441" + "0000050000000000010" + "0ffffffff0",
            })
    void b70GarbageEndsItsConnectionAndNoOther(String frames) throws IOException {
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] garbage = HexFormat.of().parseHex(frames.length() % 2 == 0 ? frames : frames + "0");
        for (boolean speaksHttp2 : new boolean[] {true, false}) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(),
                    server.server().grpcAddress().port())) {
                socket.setSoTimeout(10_000);
                if (speaksHttp2) {
                    socket.getOutputStream().write(preface);
                }
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (SocketException e) {
                // closed before it had read everything
            }
        }
        assertThat(server.grpc().getStats(Wire.GetStatsRequest.getDefaultInstance()))
                .isNotNull();
    }
}
