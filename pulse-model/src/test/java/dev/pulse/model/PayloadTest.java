package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void equalBytesOfOneTypeAreEqual() {
        Payload payload = Payload.of(new byte[] {1, 2}, "a/b");
        assertThat(payload)
                .isEqualTo(Payload.of(new byte[] {1, 2}, "a/b"))
                .hasSameHashCodeAs(Payload.of(new byte[] {1, 2}, "a/b"))
                .isNotEqualTo(Payload.of(new byte[] {1, 3}, "a/b"))
                .isNotEqualTo(Payload.of(new byte[] {1, 2}, "a/c"));
    }

    @Test
    void logsSeeTheSizeAndNotTheBytes() {
        assertThat(Payload.json("\"secret\"")).hasToString("application/json[8 bytes]");
    }

    @Test
    void onlyPlainJsonIsJson() {
        assertThat(Payload.EMPTY.isJson()).isTrue();
        assertThat(Payload.of(new byte[0], "application/octet-stream").isJson()).isFalse();
    }
}
