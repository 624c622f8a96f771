package dev.pulse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignInTest {
    private static final String HASH = "$2y$04$QNMwZu9YnAHLxSwdyWlrcerOtppRYL0Nz.qnE7Hvvfv.vb8x5Fl62";
    private static final Origin HERE = new Origin("127.0.0.1", true, false);
    private static final Origin AWAY = new Origin("192.0.2.7", false, false);
    private static final Origin AWAY_BY_TLS = new Origin("192.0.2.7", false, true);

    private final AtomicLong nanos = new AtomicLong();
    private SignIn signIn = of("ann:secret,bob:" + HASH, false);

    private SignIn of(String users, boolean plaintextAllowed) {
        return new SignIn(
                new AccessConfig(
                        User.parse(users, fault -> {
                            throw new AssertionError(fault);
                        }),
                        plaintextAllowed),
                2,
                nanos::get);
    }

    @AfterEach
    void close() {
        signIn.close();
    }

    private static List<String> basic(String name, String secret) {
        return List.of(
                "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    private PulseException refused(List<String> authorization, Origin origin) {
        return catchThrowableOfType(PulseException.class, () -> signIn.signIn(authorization, origin));
    }

    @Test
    void whoeverSignedInIsKnownWithoutWaitingForTenMinutes() {
        assertThat(signIn.recall(basic("bob", "open sesame"), HERE)).isEmpty();
        signIn.signIn(basic("bob", "open sesame"), HERE);

        assertThat(signIn.recall(basic("bob", "open sesame"), AWAY_BY_TLS))
                .hasValueSatisfying(access -> assertThat(access.caller()).isEqualTo(new Caller("bob", "192.0.2.7")));
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(signIn.recall(basic("bob", "open sesame"), HERE)).isEmpty();
    }

    @Test
    void aWrongSecretIsNeverRemembered() {
        signIn.signIn(basic("bob", "open sesame"), HERE);
        refused(basic("bob", "open sesam"), HERE);

        assertThat(signIn.recall(basic("bob", "open sesam"), HERE)).isEmpty();
        assertThat(signIn.recall(basic("ann", "open sesame"), HERE)).isEmpty();
        assertThat(refused(basic("bob", "open sesam"), HERE).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void b88CredentialsThatOthersCanReadAreRefusedRightOrWrong() {
        signIn.signIn(basic("ann", "secret"), HERE);

        PulseException right = refused(basic("ann", "secret"), AWAY);
        PulseException wrong = refused(basic("ann", "other"), AWAY);

        assertThat(right.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(right).hasMessageContainingAll("192.0.2.7", "TLS").hasMessage(wrong.getMessage());
        assertThat(signIn.recall(basic("ann", "secret"), AWAY)).isEmpty();
        assertThat(signIn.signIn(basic("ann", "secret"), AWAY_BY_TLS)).isNotNull();
    }

    @Test
    void b88WhoeverAcceptedTheRiskMaySendThemInTheOpen() {
        signIn.close();
        signIn = of("ann:secret", true);

        assertThat(signIn.signIn(basic("ann", "secret"), AWAY).caller().name()).isEqualTo("ann");
    }

    @Test
    void whatIsRememberedIsBounded() {
        Remembered remembered = new Remembered(3, nanos::get);
        for (int i = 0; i < 100; i++) {
            Credentials shown = Credentials.read(basic("user" + i, "secret"));
            remembered.remember(shown, new Identity("user" + i, Rights.ADMIN), Duration.ofSeconds(1));
            assertThat(remembered.find(shown)).isPresent();
            assertThat(remembered.size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void credentialsShowNoSecret() {
        assertThat(Credentials.read(basic("ann", "canary"))).hasToString("Password[ann, ***]");
    }
}
