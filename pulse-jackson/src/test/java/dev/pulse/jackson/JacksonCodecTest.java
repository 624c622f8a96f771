package dev.pulse.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Payload;
import dev.pulse.sdk.PayloadCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecTest {
    record Email(String to, @Nullable String subject, List<Integer> parts, Instant at, Optional<String> reply) {}

    record Small(int n) {}

    private final JacksonCodec codec = new JacksonCodec();

    @Test
    void recordComesBackEqual() {
        Email email = new Email(
                "ä@\uD83D\uDE80", null, List.of(1, 2), Instant.parse("2026-11-22T10:00:00.5Z"), Optional.of("x"));

        Payload payload = codec.encode(email);

        assertThat(payload.isJson()).isTrue();
        assertThat(codec.decode(payload, Email.class)).isEqualTo(email);
    }

    @Test
    void fieldThatOnlyTheProducerKnowsIsPassedOver() {
        assertThat(codec.decode(Payload.json("{\"n\":1,\"new\":[2]}"), Small.class))
                .isEqualTo(new Small(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{\"n\":\"x\"}", "{\"n\":1} {}", "[1]", "{\"n\":1"})
    void payloadThatIsNotTheClassIsRefused(String text) {
        assertThatThrownBy(() -> codec.decode(Payload.json(text), Small.class)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void classPathBringsTheCodec() {
        assertThat(ServiceLoader.load(PayloadCodec.class)).hasAtLeastOneElementOfType(JacksonCodec.class);
        assertThat(codec.handles(Duration.class)).isTrue();
    }
}
