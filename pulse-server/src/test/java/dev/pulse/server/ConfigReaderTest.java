package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.access.User;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.model.Violation;
import dev.pulse.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows are those of the bad-input catalogue (B..). */
final class ConfigReaderTest {
    @TempDir
    private Path folder;

    private final Map<String, String> flags = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void nothingSetMeansTheDefaults() {
        assertThat(read()).isEqualTo(ServerConfig.defaults());
        assertThat(read().hasDatabase()).isFalse();
        assertThat(read().doors().http()).hasToString("127.0.0.1:8080");
        assertThat(read().doors().grpc()).hasToString("127.0.0.1:50051");
    }

    @Test
    void aFlagGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        write("http-addr = 1\ngrpc-addr = 2\ndrain-limit = 3s\n");
        environment.put("PULSE_HTTP_ADDR", "11");
        environment.put("PULSE_GRPC_ADDR", "12");
        flags.put("http-addr", "21");

        ServerConfig config = read();

        assertThat(config.doors().http().port()).isEqualTo(21);
        assertThat(config.doors().grpc().port()).isEqualTo(12);
        assertThat(config.drainLimit()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({
        "PULSE_RETENTION_COMPLETED, 59m, longest lease",
        "PULSE_RETENTION_CANCELED, 0s, longest lease",
        "PULSE_RETENTION_DEAD_LETTERED, 1s, longest lease",
        "PULSE_RETENTION_DEAD_LETTERED, forever, duration",
        "PULSE_RETENTION_THROUGHPUT, 23h, at least 1d",
        "PULSE_RETENTION_AUDIT, 23h, at least 1d"
    })
    void aRetentionShorterThanALeaseIsRefusedByItsName(String name, String value, String why) {
        environment.put(name, value);

        PulseException refusal = catchThrowableOfType(PulseException.class, this::read);

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
        Violation fault = refusal.violations().getFirst();
        assertThat(fault.field()).isEqualTo(name);
        assertThat(fault.message()).contains(why);
    }

    @Test
    void deadLettersAreKeptUntilTreatedUnlessALimitIsSet() {
        assertThat(read().engine().retention().deadLettered()).isNull();
        environment.put("PULSE_RETENTION_DEAD_LETTERED", "never");
        assertThat(read().engine().retention().deadLettered()).isNull();
    }

    @Test
    void everyKeyCanBeChanged() throws IOException {
        write("""
                # a comment
                database-url = postgres://u:p@db/x
                database-schema = other
                data-connections = 4
                query-timeout = 5s
                allow-unsafe-durability = true
                http-addr = 0.0.0.0:1
                grpc-addr = [::1]:2
                insecure-bind = true
                payload-limit = 1MiB
                body-limit = 2MiB
                tls-cert = /etc/cert.pem
                tls-key = /etc/key.pem
                tls-client-ca = /etc/ca.pem
                caller-requests-per-second = 7
                caller-open-calls = 8
                caller-open-streams = 9
                drain-limit = 10s
                data-dir = /data
                retention-completed = 2d
                retention-canceled = 36h
                retention-dead-lettered = 90d
                retention-throughput = 10d
                """);

        ServerConfig config = read();

        assertThat(config.database().jdbcUrl()).isEqualTo("jdbc:postgresql://db/x?user=u&password=p");
        assertThat(config.database().schema()).isEqualTo("other");
        assertThat(config.database().dataConnections()).isEqualTo(4);
        assertThat(config.database().queryTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.database().allowUnsafeDurability()).isTrue();
        assertThat(config.doors())
                .isEqualTo(new DoorConfig(
                        new Address("0.0.0.0", 1),
                        new Address("::1", 2),
                        true,
                        2 << 20,
                        new TlsFiles(Path.of("/etc/cert.pem"), Path.of("/etc/key.pem"), Path.of("/etc/ca.pem")),
                        false,
                        new QuotaConfig(7, 8, 9)));
        assertThat(config.limits().payloadBytes()).isEqualTo(1 << 20);
        assertThat(config.engine().retention().completed()).isEqualTo(Duration.ofDays(2));
        assertThat(config.engine().retention().canceled()).isEqualTo(Duration.ofHours(36));
        assertThat(config.engine().retention().deadLettered()).isEqualTo(Duration.ofDays(90));
        assertThat(config.engine().retention().throughput()).isEqualTo(Duration.ofDays(10));
        assertThat(config.drainLimit()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/data"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://localhost/db, jdbc:postgresql://localhost/db",
        "postgresql://u@h:5433/db, jdbc:postgresql://h:5433/db?user=u",
        "postgres://u:p@/db, jdbc:postgresql://localhost/db?user=u&password=p",
        "postgres://u:p%40%2B+x@h/db?sslmode=require, jdbc:postgresql://h/db?user=u&password=p%40%2B%2Bx&sslmode=require",
        "postgres://u:a@b:c/d@h/db, jdbc:postgresql://h/db?user=u&password=a%40b%3Ac%2Fd",
        "postgres://h/db?connect_timeout=5, jdbc:postgresql://h/db?connectTimeout=5",
        "jdbc:postgresql://h/db?user=u, jdbc:postgresql://h/db?user=u"
    })
    void anAddressOfADatabaseMayHaveBothForms(String given, String jdbc) {
        environment.put("PULSE_DATABASE_URL", given);

        assertThat(read().database().jdbcUrl()).isEqualTo(jdbc);
    }

    @Test
    void theAliasesOfTheDatabaseCountInTheirOrder() {
        environment.put("DB_HOST", "postgres://a/db");
        assertThat(read().database().jdbcUrl()).contains("//a/");
        environment.put("DATABASE_URL", "postgres://b/db");
        assertThat(read().database().jdbcUrl()).contains("//b/");
        environment.put("PULSE_DATABASE_URL", "postgres://c/db");
        assertThat(read().database().jdbcUrl()).contains("//c/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://h/db", "h", "postgres://h", "postgres://h/", "postgres://u:100%@h/db"})
    void b101AMalformedAddressIsRefusedWithoutItsPassword(String url) {
        environment.put("PULSE_DATABASE_URL", url);

        PulseException refused = refused();

        assertThat(refused.field()).isEqualTo("PULSE_DATABASE_URL");
        assertThat(refused.getMessage()).doesNotContain("100%");
    }

    @ParameterizedTest
    @CsvSource({
        "PULSE_HTTP_ADDR, 70000",
        "PULSE_HTTP_ADDR, -1",
        "PULSE_HTTP_ADDR, abc",
        "PULSE_HTTP_ADDR, '\"8080\"'",
        "PULSE_GRPC_ADDR, localhost:",
        "PULSE_GRPC_ADDR, no-such-host.invalid:1",
        "PULSE_DRAIN_LIMIT, 5",
        "PULSE_DRAIN_LIMIT, 5 min",
        "PULSE_DRAIN_LIMIT, -1s",
        "PULSE_PAYLOAD_LIMIT, 10GB",
        "PULSE_PAYLOAD_LIMIT, 2MiB",
        "PULSE_PAYLOAD_LIMIT, 0",
        "PULSE_DATA_CONNECTIONS, many",
        "PULSE_DATA_CONNECTIONS, 1",
        "PULSE_DATABASE_SCHEMA, Robert'); drop",
        "PULSE_INSECURE_BIND, yes",
        "PULSE_CALLER_OPEN_CALLS, 0",
        "PULSE_CALLER_OPEN_STREAMS, none",
        "PULSE_AUTH_USERS, admin",
        "PULSE_TLS_CERT, cert.pem",
        "PULSE_TLS_KEY, key.pem",
        "PULSE_TLS_CLIENT_CA, ca.pem",
    })
    void b97AValueAtFaultStopsTheStart(String variable, String value) {
        environment.put(variable, value);

        PulseException refused = refused();

        assertThat(refused.code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refused.violations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PULSE_HTTP_ADDR", "PULSE_GRPC_ADDR"})
    void anAddressBeyondLoopbackNeedsTheRiskAccepted(String variable) {
        for (String host : new String[] {"0.0.0.0", "[::]", "192.0.2.1"}) {
            environment.put(variable, host + ":0");
            assertThat(refused().getMessage()).contains("--insecure-bind");
        }

        flags.put("insecure-bind", "true");
        assertThat(read().doors().insecureBind()).isTrue();
    }

    @Test
    void aCertificateNeedsItsKey() {
        environment.put("PULSE_TLS_CERT", "cert.pem");
        assertThat(refused()).hasMessage("PULSE_TLS_CERT: needs tls-cert and tls-key both");

        environment.put("PULSE_TLS_KEY", "key.pem");
        assertThat(read().doors().tls()).isEqualTo(new TlsFiles(Path.of("cert.pem"), Path.of("key.pem"), null));
    }

    @Test
    void everyUserAtFaultIsToldAndNoSecret() {
        environment.put(
                "PULSE_AUTH_USERS",
                "canary1,ann:canary2,ann:canary3,:canary4,b d:canary5,bob:canary6:canary7,cat:,"
                        + "dan:$2y$99$canary8,eve:canary9:viewer@,fay:canary:role+viewer@x y");

        PulseException refused = refused();

        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsOnly("PULSE_AUTH_USERS")
                .hasSize(9);
        assertThat(refused)
                .hasMessageContainingAll("user 1:", "user 3 (ann): is named before", "user 7 (cat)", "pulse passwd");
        assertThat(refused.getMessage()).doesNotContain("canary");
    }

    @Test
    void usersHaveTheRightsThatStandBehindTheirSecret() {
        environment.put("PULSE_AUTH_USERS", "ann:a, bob:b:worker+producer@mail|bill-*|a:b");

        List<User> users = read().access().users();

        assertThat(users).extracting(User::name).containsExactly("ann", "bob");
        assertThat(users.getFirst().rights()).isEqualTo(Rights.ADMIN);
        assertThat(users.getLast().rights()).hasToString("producer+worker@a:b|bill-*|mail");
        assertThat(users).extracting(Object::toString).first().isEqualTo("ann:***:admin");
    }

    @Test
    void b96AllFaultsOfAFileAreToldWithTheirLine() throws IOException {
        write("htp-addr = 1\nhttp-addr = 2\nnonsense\nhttp-addr = 3\n");

        PulseException refused = refused();

        assertThat(refused.violations())
                .extracting(Violation::field)
                .allMatch(place -> place.startsWith(file().toString() + ":"))
                .hasSize(3);
        assertThat(refused).hasMessageContaining("did you mean http-addr?");
    }

    @Test
    void b96AnUnknownFlagIsAnsweredWithTheNearest() {
        flags.put("drain-limits", "5s");

        assertThat(refused()).hasMessageContaining("did you mean drain-limit?");
    }

    @Test
    void aVariableThatLooksLikeOneOfPulsesIsToldWithTheNearest() {
        assertThat(UnknownVariables.warnings(Map.of(
                        "PULSE_AUTH_USER", "a:b",
                        "PULSE_HTTP_ADDR", "1",
                        "PULSE_USER", "a",
                        "PULSE_SERVICE_HOST", "10.0.0.1",
                        "PULSE_PORT", "tcp://10.0.0.1:8080",
                        "PATH", "/bin")))
                .containsExactly(
                        "the variable PULSE_AUTH_USER is unknown and has no effect; did you mean PULSE_AUTH_USERS?");
    }

    @Test
    void anEmptyVariableIsAnUnsetOne() {
        environment.put("PULSE_AUTH_USERS", "");
        environment.put("PULSE_HTTP_ADDR", " ");

        assertThat(read()).isEqualTo(ServerConfig.defaults());
    }

    @Test
    void theDatabaseMayBeNamedLater() {
        environment.put("PULSE_DATABASE_SCHEMA", "other");

        ServerConfig config = read().withDatabase("postgres://h/db");

        assertThat(config.hasDatabase()).isTrue();
        assertThat(config.database().schema()).isEqualTo("other");
    }

    private ServerConfig read() {
        return ServerConfig.read(flags, environment, file());
    }

    private PulseException refused() {
        return catchThrowableOfType(PulseException.class, this::read);
    }

    private Path file() {
        return folder.resolve("pulse.properties");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }
}
