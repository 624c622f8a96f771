package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.Credentials;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.server.TestServer.Answer;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in at both doors. The rows are those of the bad-input catalogue (B..). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {
    /** Of "open sesame". */
    private static final String HASH = "$2y$04$QNMwZu9YnAHLxSwdyWlrcerOtppRYL0Nz.qnE7Hvvfv.vb8x5Fl62";

    private TestServer server;

    @BeforeAll
    void start() {
        server =
                TestServer.withUsers("ann:canary-1:operator,bob:" + HASH + ":viewer,cat:canary-2:producer@mail|bill-*");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static Stream<List<String>> b85() {
        return Stream.of(
                List.of(),
                List.of(""),
                List.of("Basic"),
                List.of("Basic "),
                List.of("Bearer"),
                List.of("Bearer "),
                List.of("Digest username=ann"),
                List.of("Basic %%%%"),
                List.of("Basic YW5u"),
                List.of(TestServer.basic("", "canary-1")),
                List.of(TestServer.basic("an\0n", "canary-1")),
                List.of(TestServer.basic("ann", "canary-1\0")),
                List.of(TestServer.basic("ann", "")),
                List.of(TestServer.basic("ann", "canary-2")),
                List.of(TestServer.basic("Ann", "canary-1")),
                List.of(TestServer.basic("zoe", "canary-1")),
                List.of(TestServer.basic("bob", "open sesame ")),
                List.of(TestServer.basic("bob", HASH)),
                List.of(TestServer.basic("bob", "x".repeat(100))),
                List.of("Basic /////w=="),
                List.of("Basic " + "A".repeat(5_000)),
                List.of("Bearer " + "A".repeat(5_000)),
                List.of(TestServer.basic("ann", "canary-1"), TestServer.basic("ann", "canary-1")));
    }

    @ParameterizedTest
    @MethodSource("b85")
    void b85WhateverIsWrongWithTheCredentialsTheAnswerIsTheSame(List<String> headers) {
        var request = server.request("/stats").GET();
        headers.forEach(header -> request.header("Authorization", header));
        Answer rest = server.send(request);

        StatusRuntimeException grpc = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> PulseServiceGrpc.newBlockingStub(server.channel())
                        .withInterceptors(TestServer.attaching(headers.toArray(String[]::new)))
                        .getStats(Wire.GetStatsRequest.getDefaultInstance()));

        String sentence = server.get("/stats").field("detail");
        assertThat(rest.status()).isEqualTo(401);
        assertThat(rest.field("code")).isEqualTo(ErrorCode.UNAUTHENTICATED.wireName());
        assertThat(rest.field("detail")).isEqualTo(sentence);
        assertThat(rest.header("WWW-Authenticate")).isEqualTo("Basic realm=\"pulse\", charset=\"UTF-8\"");
        assertThat(WireErrors.fromStatus(grpc).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(grpc.getStatus().getDescription()).isEqualTo(sentence);
    }

    @Test
    void plainAndHashedSecretsOpenBothDoorsAsOftenAsTheyAreShown() {
        for (TestServer user : Arrays.asList(server.as("ann", "canary-1"), server.as("bob", "open sesame"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(user.get("/stats").status()).isEqualTo(200);
                assertThat(user.grpc().getStats(Wire.GetStatsRequest.getDefaultInstance()))
                        .isNotNull();
            }
        }
    }

    @Test
    void theNameOfTheSchemeIsReadInAnyCase() {
        String header = TestServer.basic("ann", "canary-1");

        for (String given : List.of(header.replace("Basic", "basic"), header.replace("Basic", "BASIC"))) {
            assertThat(server.authorized(given).get("/stats").status()).isEqualTo(200);
        }
    }

    @Test
    void b86ARightCallerWithoutTheRightIsForbiddenByItsName() {
        TestServer viewer = server.as("bob", "open sesame");

        Answer rest = viewer.post("/dispatch/pause", "{\"reason\":\"x\"}");
        StatusRuntimeException grpc = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> viewer.grpc().pauseDispatch(Wire.PauseDispatchRequest.getDefaultInstance()));

        assertThat(rest.status()).isEqualTo(403);
        assertThat(rest.field("detail")).contains("bob", "operator, admin");
        assertThat(WireErrors.fromStatus(grpc).code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(WireErrors.fromStatus(grpc)).hasMessageContainingAll("bob", "operator, admin");
    }

    @Test
    void whoeverIsNarrowedToQueuesMayNotTouchWhatConcernsAll() {
        assertThat(server.as("cat", "canary-2").get("/stats").field("detail")).contains("bill-*, mail");
    }

    @Test
    void theAuditLogNamesTheUser() {
        TestServer ann = server.as("ann", "canary-1");
        ann.post("/dispatch/pause", "{\"reason\":\"x\"}");
        ann.grpc().resumeDispatch(Wire.ResumeDispatchRequest.getDefaultInstance());

        String audit = ann.get("/audit").body();

        assertThat(audit).contains("dispatch.pause", "dispatch.resume").doesNotContain("canary", "\"operator\"");
        assertThat(audit.split("\"actor\":\"ann\",\"action\":\"dispatch", -1)).hasSize(3);
    }

    @Test
    void clientsAndWorkersSignInWithEachCall() throws InterruptedException {
        String address = server.server().grpcAddress().toString();
        JobType<String> type = JobType.of("greet", String.class);
        CountDownLatch handled = new CountDownLatch(1);
        try (TestServer all = TestServer.withUsers("wendy:canary-3:worker+producer");
                Pulse pulse = Pulse.connect(
                        all.server().grpcAddress().toString(), Credentials.password("wendy", "canary-3"))) {
            pulse.handle(type, (job, name) -> handled.countDown());
            pulse.start();
            pulse.enqueue(type, "x");
            assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
        }
        try (Pulse pulse = Pulse.connect(address, Credentials.password("ann", "canary-2"))) {
            assertThat(catchThrowableOfType(PulseException.class, () -> pulse.enqueue(type, "x"))
                            .code())
                    .isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
    }

    @Test
    void healthNeedsNoSignIn() {
        assertThat(server.get("/health/live").status()).isEqualTo(200);
        assertThat(server.get("/health/ready").status()).isEqualTo(200);
        assertThat(HealthGrpc.newBlockingStub(server.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void anOpenServerLetsEverybodyInWhateverTheySend() {
        try (TestServer open = TestServer.start()) {
            for (String header : List.of("", "Bearer x", "Basic %%%", TestServer.basic("a", "b"))) {
                assertThat(open.authorized(header).get("/stats").status()).isEqualTo(200);
                assertThat(open.authorized(header).grpc().getStats(Wire.GetStatsRequest.getDefaultInstance()))
                        .isNotNull();
            }
        }
    }

    @Test
    void nothingTellsASecret() {
        ServerConfig config = TestServer.withUsers(TestServer.CONFIG, "ann:canary-1,bob:" + HASH);

        assertThat(config.toString().toLowerCase(Locale.ROOT))
                .contains("ann:***:admin")
                .doesNotContain("canary")
                .doesNotContain(HASH.substring(7).toLowerCase(Locale.ROOT));
    }
}
