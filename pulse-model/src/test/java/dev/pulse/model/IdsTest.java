package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    private static final UUID ID = UUID.fromString("0192f3a4-5b6c-7d8e-9f01-23456789abcd");

    @ParameterizedTest
    @ValueSource(strings = {"0192f3a4-5b6c-7d8e-9f01-23456789abcd", "0192F3A4-5B6C-7D8E-9F01-23456789aBcD"})
    void idIsReadInAnyCase(String text) {
        assertThat(Ids.parse(text)).contains(ID);
        assertThat(Ids.require(text)).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1-1-1-1-1",
                "0192f3a4-5b6c-7d8e-9f01-23456789abcd\n",
                " 0192f3a4-5b6c-7d8e-9f01-23456789abcd",
                "0192f3a4-5b6c-7d8e-9f01-23456789abc",
                "00000000-0000-0000-0000-000000000000"
            })
    void anythingElseIsRefusedWithItsCode(String text) {
        assertThat(Ids.parse(text)).isEmpty();
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> Ids.require(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ID))
                .withMessageStartingWith("not an id: \"");
    }

    @Test
    void overlongTextIsCutInTheMessage() {
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> Ids.require("a".repeat(1_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250).contains("a…\""));
    }
}
