package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.tls.TlsFiles;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may start a server that other machines reach: the whole matrix, because it guards against a slip. */
final class DefaultBindTest {
    private static final TlsFiles TLS = new TlsFiles(Path.of("cert.pem"), Path.of("key.pem"), null);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # address    | sign-in | tls   | insecure-bind | what the refusal says; nothing where it starts
              127.0.0.1  | false   | false | false         |
              127.0.0.1  | false   | false | true          |
              127.0.0.1  | false   | true  | false         |
              127.0.0.1  | true    | false | false         |
              127.0.0.1  | true    | true  | false         |
              127.9.9.9  | false   | false | false         |
              ::1        | false   | false | false         |
              localhost  | false   | false | false         |
              0.0.0.0    | false   | false | false         | auth-users tls-cert insecure-bind
              0.0.0.0    | true    | false | false         | tls-cert insecure-bind
              0.0.0.0    | false   | true  | false         | auth-users insecure-bind
              0.0.0.0    | true    | true  | false         |
              0.0.0.0    | false   | false | true          |
              0.0.0.0    | true    | false | true          |
              0.0.0.0    | false   | true  | true          |
              0.0.0.0    | true    | true  | true          |
              ::         | false   | false | false         | auth-users tls-cert insecure-bind
              ::         | true    | true  | false         |
              192.0.2.1  | false   | false | false         | auth-users tls-cert insecure-bind
              192.0.2.1  | true    | false | false         | tls-cert insecure-bind
              192.0.2.1  | false   | true  | false         | auth-users insecure-bind
              192.0.2.1  | false   | false | true          |
            """)
    void anAddressBeyondLoopbackNeedsSignInAndTlsOrTheRiskAccepted(
            String host, boolean signIn, boolean tls, boolean insecure, String refusal) {
        Address wanted = new Address(host, 0);
        Address loopback = new Address("127.0.0.1", 0);
        TlsFiles files = tls ? TLS : null;

        for (boolean http : new boolean[] {true, false}) {
            var making = (org.assertj.core.api.ThrowableAssert.ThrowingCallable) () -> new DoorConfig(
                    http ? wanted : loopback,
                    http ? loopback : wanted,
                    insecure,
                    1 << 20,
                    files,
                    signIn,
                    QuotaConfig.DEFAULT);
            if (refusal == null) {
                assertThatCode(making).doesNotThrowAnyException();
                continue;
            }
            AbstractThrowableAssert<?, ?> refused = assertThatThrownBy(making)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(http ? "http-addr: " : "grpc-addr: ");
            for (String word : new String[] {"auth-users", "tls-cert", "insecure-bind"}) {
                refused.extracting(Throwable::getMessage)
                        .satisfies(message -> assertThat(message.contains(word))
                                .as(word + " in: " + message)
                                .isEqualTo(refusal.contains(word)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"http-addr", "grpc-addr"})
    void theDefaultIsLoopback(String key) {
        assertThat(Address.parse(Setting.valueOf(key.replace('-', '_').toUpperCase(java.util.Locale.ROOT))
                                .standard())
                        .isLoopback())
                .isTrue();
    }
}
