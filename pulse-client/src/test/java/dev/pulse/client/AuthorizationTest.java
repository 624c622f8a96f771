package dev.pulse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationTest {
    private static final Credentials ANN = Credentials.password("ann", "canary");

    private static ClientConfig to(String host, Credentials credentials) {
        return ClientConfig.to(new ServerAddress(host, 50051)).with(credentials);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "pulse.example.com",
                "localhost.example.com",
                "128.0.0.1",
                "::2",
                "localhos",
                "127.0.0.1.nip.io"
            })
    void aSecretIsNotSentToAnotherMachineWithoutTls(String host) {
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> PulseClient.connect(to(host, ANN)))
                .withMessageContainingAll("user ann", "TLS", "PULSE_INSECURE_CREDENTIALS")
                .withMessageNotContaining("canary")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION));
    }

    @Test
    void unlessTheConnectionIsEncryptedOrTheRiskAccepted() {
        assertThat(Authorization.of(to("192.0.2.1", ANN), true)).isPresent();
        assertThat(Authorization.of(to("192.0.2.1", ANN.insecure()), false)).isPresent();
        assertThat(Authorization.of(to("192.0.2.1", Credentials.none()), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"
            })
    void thisMachineNeedsNoTls(String host) {
        assertThat(Authorization.of(to(host, ANN), false)).isPresent();
    }

    @Test
    void noConfigurationShowsASecret() {
        assertThat(to("localhost", ANN).toString()).contains("user ann").doesNotContain("canary");
    }
}
