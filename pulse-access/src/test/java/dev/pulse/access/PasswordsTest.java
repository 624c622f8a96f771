package dev.pulse.access;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    /** Of "open sesame", made by the C library. */
    private static final String COST_4 = "$2y$04$QNMwZu9YnAHLxSwdyWlrcerOtppRYL0Nz.qnE7Hvvfv.vb8x5Fl62";

    private static final String COST_6 = "$2b$06$QNMwZu9YnAHLxSwdyWlrcerOtppRYL0Nz.qnE7Hvvfv.vb8x5Fl62";

    private static Passwords of(String users) {
        return new Passwords(User.parse(users, fault -> {
            throw new AssertionError(fault);
        }));
    }

    private static boolean isRight(Passwords passwords, String name, String secret) {
        return passwords.check(name, secret.getBytes(StandardCharsets.UTF_8)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$2a$", "$2b$", "$2y$"})
    void aHashOfAnotherProgramIsRecognised(String version) {
        Passwords passwords = of("ann:" + version + COST_4.substring(4));

        assertThat(isRight(passwords, "ann", "open sesame")).isTrue();
        assertThat(isRight(passwords, "ann", "open sesam")).isFalse();
        assertThat(isRight(passwords, "ann", "")).isFalse();
    }

    @Test
    void everyCheckIsTheSameWorkWhoeverIsNamed() {
        Passwords passwords = of("plain:secret,cheap:" + COST_4 + ",dear:" + COST_6);

        for (String name : List.of("plain", "cheap", "dear", "nobody", "x".repeat(500))) {
            for (String secret : List.of("open sesame", "secret", "", "x".repeat(73), "x".repeat(1_000))) {
                long before = passwords.rounds();
                isRight(passwords, name, secret);
                assertThat(passwords.rounds() - before)
                        .as("rounds for %s with %d characters", name, secret.length())
                        .isEqualTo(1 << 6);
            }
        }
    }

    @Test
    void plainSecretsAloneCostNoSlowHash() {
        Passwords passwords = of("ann:secret");

        assertThat(passwords.isSlow()).isFalse();
        assertThat(isRight(passwords, "ann", "secret")).isTrue();
        assertThat(isRight(passwords, "bob", "secret")).isFalse();
        assertThat(passwords.rounds()).isZero();
    }

    @Test
    void whatFollowsTheBytesThatBcryptReadsIsNotIgnored() {
        String seventyTwo = "x".repeat(72);
        Passwords passwords = of("ann:" + new String(BCrypt.withDefaults().hashToChar(4, seventyTwo.toCharArray())));

        assertThat(isRight(passwords, "ann", seventyTwo)).isTrue();
        assertThat(isRight(passwords, "ann", seventyTwo + "y")).isFalse();
    }
}
