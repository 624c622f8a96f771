package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.client.ClientConfig;
import dev.pulse.client.PulseClient;
import dev.pulse.client.ServerAddress;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.Credentials;
import dev.pulse.server.TestServer.Answer;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys at both doors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {
    private TestServer server;
    private TestServer ann;

    @BeforeAll
    void start() {
        server = TestServer.withUsers("ann:canary-1,oscar:canary-2:operator,eve:canary-3:admin@mail");
        ann = server.as("ann", "canary-1");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aKeyIsShownOnceAndSignsInAtBothDoors() {
        Answer made = ann.post("/keys", "{\"name\":\"ci\",\"roles\":[\"producer\"],\"queues\":[\"mail\"]}");
        String key = made.field("key");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/keys/" + made.field("id"));
        assertThat(made.body())
                .contains(
                        "\"name\":\"ci\"",
                        "\"roles\":[\"producer\"]",
                        "\"queues\":[\"mail\"]",
                        "\"created_by\":\"ann\"")
                .contains("\"expires_at\":null", "\"revoked_at\":null", "\"last_used_at\":null");
        assertThat(key).startsWith("pulse_" + made.field("id") + "_");

        TestServer ci = server.authorized("Bearer " + key);
        assertThat(ci.post("/jobs", "{\"type\":\"t\",\"queue\":\"mail\"}").status())
                .isEqualTo(201);
        assertThat(ci.post("/dispatch/pause", "{}").status()).isEqualTo(403);
        assertThat(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> ci.grpc().pauseDispatch(Wire.PauseDispatchRequest.getDefaultInstance())))
                .hasMessageContaining("key:ci");
        assertThat(ann.get("/keys").body()).contains(made.field("id")).doesNotContain(key.substring(20));
    }

    @Test
    void aKeyIsRevokedAndStaysListed() {
        String id = ann.post("/keys", "{\"role\":\"viewer\"}").field("id");

        Answer revoked = ann.delete("/keys/" + id);

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.field("revoked_by")).isEqualTo("ann");
        assertThat(ann.delete("/keys/" + id).body()).isEqualTo(revoked.body());
        assertThat(ann.get("/keys").body()).contains(revoked.field("revoked_at"));
        assertThat(ann.delete("/keys/nothing").status()).isEqualTo(404);
        assertThat(ann.get("/audit?action=key.revoke").body()).contains(id, "\"actor\":\"ann\"");
    }

    @Test
    void theClientMakesListsAndRevokesThem() {
        ClientConfig config = ClientConfig.to(
                        ServerAddress.parse(server.server().grpcAddress().toString()))
                .with(Credentials.password("ann", "canary-1"));
        try (PulseClient client = PulseClient.connect(config)) {
            CreatedKey made =
                    client.createKey(new ApiKeyOrder("nightly", Rights.parse("worker@mail"), null, Duration.ofDays(1)));
            assertThat(made.info().rights()).isEqualTo(Rights.parse("worker@mail"));
            assertThat(made.info().expiresAt())
                    .isEqualTo(made.info().createdAt().plus(Duration.ofDays(1)));
            assertThat(client.keys(1, null).items()).containsExactly(made.info());
            assertThat(client.keys(1, null).nextCursor()).isNotNull();
            assertThat(client.revokeKey(made.info().id()).revokedBy()).isEqualTo("ann");
            assertThat(catchThrowableOfType(PulseException.class, () -> client.revokeKey("nothing"))
                            .code())
                    .isEqualTo(ErrorCode.API_KEY_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | roles",
                "{\"role\":\"root\"} | roles[0]",
                "{\"roles\":[]} | roles",
                "{\"role\":\"viewer\",\"roles\":[\"admin\"]} | role",
                "{\"role\":\"viewer\",\"queues\":[\"a b\"]} | queues",
                "{\"role\":\"viewer\",\"name\":\"\"} | name",
                "{\"role\":\"viewer\",\"name\":\"a b\"} | name",
                "{\"role\":\"viewer\",\"expires_in\":\"0s\"} | expires_in",
                "{\"role\":\"viewer\",\"expires_at\":\"2020-01-01T00:00:00Z\"} | expires_at",
                "{\"role\":\"viewer\",\"expires_at\":\"2999-01-01T00:00:00Z\",\"expires_in\":\"1h\"} | expires_in",
                "{\"role\":\"viewer\",\"id\":\"x\"} | id",
                "{\"role\":\"viewer\",\"key\":\"x\"} | key"
            })
    void whatIsWrongWithAnOrderIsNamed(String body, String field) {
        Answer refused = ann.post("/keys", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.field("field")).isEqualTo(field);
    }

    @Test
    void overGrpcToo() {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ann.grpc()
                        .createKey(Wire.CreateKeyRequest.newBuilder()
                                .addRoles("root")
                                .build()));

        assertThat(WireErrors.fromStatus(refused).field()).isEqualTo("roles[0]");
    }

    @Test
    void onlyAdminsOfAllQueuesSeeOrMakeThem() {
        for (TestServer other : new TestServer[] {server.as("oscar", "canary-2"), server.as("eve", "canary-3")}) {
            assertThat(other.get("/keys").status()).isEqualTo(403);
            assertThat(other.post("/keys", "{\"role\":\"admin\"}").status()).isEqualTo(403);
            assertThat(other.delete("/keys/x").status()).isEqualTo(403);
            assertThat(catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> other.grpc().listKeys(Wire.ListKeysRequest.getDefaultInstance())))
                    .hasMessageContaining("PERMISSION_DENIED");
        }
    }
}
