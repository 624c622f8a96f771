package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void aScopeGovernsItsOwn() {
        assertThat(Scope.DISPATCH.governs("mail", "email")).isTrue();
        assertThat(Scope.queue("mail").governs("mail", "email")).isTrue();
        assertThat(Scope.queue("email").governs("mail", "email")).isFalse();
        assertThat(Scope.type("email").governs("mail", "email")).isTrue();
        assertThat(Scope.type("mail").governs("mail", "email")).isFalse();
    }

    @Test
    void whatIsNoNameIsRefusedWithItsField() {
        assertThatThrownBy(() -> Scope.queue("a b"))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.field()).isEqualTo("queue"))
                .hasMessageContaining("only A-Z a-z 0-9 . _ : - are allowed");
        assertThatThrownBy(() -> Scope.type("x".repeat(129))).hasMessageContaining("at most 128");
        assertThatThrownBy(() -> Scope.type("")).hasMessageContaining("must not be empty");
    }

    @Test
    void aReasonIsStrippedAndBounded() {
        assertThat(Pause.reason(null)).isNull();
        assertThat(Pause.reason(" \n")).isNull();
        assertThat(Pause.reason(" deploy ")).isEqualTo("deploy");
        assertThat(Pause.reason("x".repeat(500))).hasSize(500);
        assertThatThrownBy(() -> Pause.reason("x".repeat(501))).hasMessageContaining("at most 500");
        assertThatThrownBy(() -> Pause.reason("a\0b")).hasMessageContaining("cannot be stored");
    }
}
