package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialsTest {
    @Test
    void noneShowsItsSecret() {
        assertThat(Credentials.password("ann", "canary")).hasToString("user ann");
        assertThat(Credentials.apiKey("pulse_x_canary")).hasToString("API key");
        assertThat(Credentials.none()).hasToString("nobody");
    }

    @Test
    void theHeaderIsWhatServersRead() {
        assertThat(Credentials.password("Aladdin", "open sesame").header())
                .contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(Credentials.apiKey("pulse_x_y").header()).contains("Bearer pulse_x_y");
        assertThat(Credentials.none().header()).isEmpty();
    }

    @Test
    void whatCannotBeOneIsRefusedWithoutBeingShown() {
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.password("", "canary"));
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.password("a:b", "canary"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Credentials.password("ann", "canary\n"))
                .withMessageNotContaining("canary");
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.password("ann", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Credentials.apiKey("canary\r\nX: y"))
                .withMessageNotContaining("canary");
        assertThatIllegalArgumentException().isThrownBy(() -> Credentials.apiKey(""));
    }

    @Test
    void theEnvironmentNamesAUserOrAKey() {
        assertThat(Credentials.from(Map.of())).isEqualTo(Credentials.none());
        assertThat(Credentials.from(Map.of("PULSE_USER", "ann", "PULSE_PASSWORD", "x")))
                .isEqualTo(Credentials.password("ann", "x"));
        assertThat(Credentials.from(Map.of("PULSE_API_KEY", "k", "PULSE_INSECURE_CREDENTIALS", "true")))
                .isEqualTo(Credentials.apiKey("k").insecure());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Credentials.from(Map.of("PULSE_USER", "ann")))
                .withMessageContaining("PULSE_PASSWORD");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Credentials.from(
                        Map.of("PULSE_USER", "ann", "PULSE_PASSWORD", "canary", "PULSE_API_KEY", "canary")))
                .withMessageNotContaining("canary");
    }
}
