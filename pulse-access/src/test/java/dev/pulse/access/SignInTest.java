package dev.pulse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Caller;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.store.Stores;
import dev.pulse.storememory.MemoryStores;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignInTest {
    private static final String HASH = "$2y$04$QNMwZu9YnAHLxSwdyWlrcerOtppRYL0Nz.qnE7Hvvfv.vb8x5Fl62";
    private static final Origin HERE = new Origin("127.0.0.1", true, false, null);
    private static final Origin AWAY = new Origin("192.0.2.7", false, false, null);
    private static final Origin AWAY_BY_TLS = new Origin("192.0.2.7", false, true, null);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final Stores stores = new MemoryStores(() -> Instant.EPOCH.plusNanos(clock.get()), new Random(7)).stores();
    private final ApiKeys keys = new ApiKeys(stores.keys(), new SecureRandom());
    private SignIn signIn = of("ann:secret,bob:" + HASH, false);

    private SignIn of(String users, boolean plaintextAllowed) {
        List<User> all = User.parse(users, fault -> {
            throw new AssertionError(fault);
        });
        AccessConfig config = new AccessConfig(
                all, Map.of("mail.example", Rights.parse("worker@mail")), plaintextAllowed, ThrottleConfig.DEFAULT);
        return new SignIn(config, keys, stores.signIns(), 2, nanos::get);
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        clock.addAndGet(time.toNanos());
    }

    @AfterEach
    void close() {
        signIn.close();
    }

    private static List<String> basic(String name, String secret) {
        return List.of(
                "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    /** As a door does. */
    private Access enter(List<String> authorization, Origin origin) {
        return signIn.recall(authorization, origin).orElseGet(() -> signIn.signIn(authorization, origin));
    }

    private PulseException refused(List<String> authorization, Origin origin) {
        return catchThrowableOfType(PulseException.class, () -> enter(authorization, origin));
    }

    @Test
    void whoeverSignedInIsKnownWithoutWaitingForTenMinutes() {
        assertThat(signIn.recall(basic("bob", "open sesame"), HERE)).isEmpty();
        enter(basic("bob", "open sesame"), HERE);

        assertThat(signIn.recall(basic("bob", "open sesame"), AWAY_BY_TLS))
                .hasValueSatisfying(access -> assertThat(access.caller()).isEqualTo(new Caller("bob", "192.0.2.7")));
        advance(Duration.ofMinutes(10));
        assertThat(signIn.recall(basic("bob", "open sesame"), HERE)).isEmpty();
    }

    @Test
    void aWrongSecretIsNeverRemembered() {
        enter(basic("bob", "open sesame"), HERE);
        refused(basic("bob", "open sesam"), HERE);

        assertThat(signIn.recall(basic("bob", "open sesam"), HERE)).isEmpty();
        assertThat(signIn.recall(basic("ann", "open sesame"), HERE)).isEmpty();
        assertThat(refused(basic("bob", "open sesam"), HERE).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void b88CredentialsThatOthersCanReadAreRefusedRightOrWrong() {
        enter(basic("ann", "secret"), HERE);

        PulseException right = refused(basic("ann", "secret"), AWAY);
        PulseException wrong = refused(basic("ann", "other"), AWAY);

        assertThat(right.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(right).hasMessageContainingAll("192.0.2.7", "TLS").hasMessage(wrong.getMessage());
        assertThat(signIn.recall(basic("ann", "secret"), AWAY)).isEmpty();
        assertThat(enter(basic("ann", "secret"), AWAY_BY_TLS)).isNotNull();
    }

    @Test
    void b88WhoeverAcceptedTheRiskMaySendThemInTheOpen() {
        signIn.close();
        signIn = of("ann:secret", true);

        assertThat(enter(basic("ann", "secret"), AWAY).caller().name()).isEqualTo("ann");
    }

    private static List<String> bearer(String key) {
        return List.of("Bearer " + key);
    }

    private CreatedKey key(@Nullable Duration expiresIn) {
        return keys.create(
                new ApiKeyOrder("ci", Rights.parse("producer@mail"), null, expiresIn), new Caller("ann", "10.0.0.1"));
    }

    @Test
    void aKeySignsInWithItsRightsAndItsName() {
        CreatedKey key = key(null);
        Access access = enter(bearer(key.key()), AWAY_BY_TLS);

        assertThat(access.caller()).isEqualTo(new Caller("key:ci#" + key.info().id(), "192.0.2.7"));
        assertThat(access.allows(Permission.SUBMIT)).isTrue();
        assertThat(access.allows(Permission.OPERATE)).isFalse();
        assertThat(access.sees("mail")).isTrue();
        assertThat(access.sees("other")).isFalse();
    }

    @Test
    void aKeyIsLongRandomAndFoundByItsBeginning() {
        String key = key(null).key();

        assertThat(key)
                .matches("pulse_[A-Za-z0-9]{12}_[A-Za-z0-9]{43}")
                .isNotEqualTo(key(null).key());
        assertThat(key(null).toString()).doesNotContain(key(null).key());
    }

    @Test
    void b87AnExpiredKeyIsToldToItsHolderAndToNobodyElse() {
        CreatedKey key = key(Duration.ofHours(1));
        String wrong = key.key().substring(0, key.key().length() - 1) + "!";
        advance(Duration.ofHours(2));

        assertThat(refused(bearer(key.key()), HERE)).hasMessageContaining("expired 1970-01-01T01:00:00Z");
        for (String other : List.of(
                wrong.replace('!', 'a') + "x",
                "pulse_" + key.info().id() + "_x",
                "pulse_unknown_" + key.key().substring(19),
                "pulse_",
                "x")) {
            assertThat(refused(bearer(other), HERE))
                    .hasMessage(refused(List.of(), HERE).getMessage());
        }
    }

    @Test
    void b87ARevokedKeyIsRefusedLikeAnUnknownOneWithinSeconds() {
        CreatedKey key = key(null);
        enter(bearer(key.key()), HERE);
        keys.revoke(key.info().id(), new Caller("ann", "10.0.0.1"));

        advance(SignIn.KEYS_ARE_REMEMBERED);
        assertThat(refused(bearer(key.key()), HERE))
                .hasMessage(refused(List.of(), HERE).getMessage());
        assertThat(signIn.recall(bearer(key.key()), HERE)).isEmpty();
    }

    @Test
    void oneCallerRenewsWhatIsRememberedWhileTheOthersGoOn() {
        CreatedKey key = key(null);
        enter(bearer(key.key()), HERE);
        advance(SignIn.KEYS_ARE_REMEMBERED.dividedBy(2));

        assertThat(signIn.recall(bearer(key.key()), HERE))
                .as("the one who looks")
                .isEmpty();
        assertThat(signIn.recall(bearer(key.key()), HERE)).as("the others").isPresent();
        keys.revoke(key.info().id(), new Caller("ann", "10.0.0.1"));
        assertThat(catchThrowableOfType(PulseException.class, () -> signIn.signIn(bearer(key.key()), HERE))
                        .code())
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(signIn.recall(bearer(key.key()), HERE))
                .as("once it was found out")
                .isEmpty();
    }

    @Test
    void useOfAKeyIsNotedToTheMinute() {
        CreatedKey key = key(null);
        enter(bearer(key.key()), HERE);
        advance(Duration.ofSeconds(30));
        enter(bearer(key.key()), HERE);
        assertThat(keys.list(1, null).items().getFirst().lastUsedAt()).isEqualTo(Instant.EPOCH);

        advance(Duration.ofSeconds(31));
        enter(bearer(key.key()), HERE);
        assertThat(keys.list(1, null).items().getFirst().lastUsedAt()).isEqualTo(Instant.EPOCH.plusSeconds(61));
    }

    @Test
    void aCertificateMayDoWhatItsNameIsMappedTo() {
        Origin mapped = new Origin("192.0.2.7", false, true, "mail.example");
        Origin unmapped = new Origin("192.0.2.7", false, true, "other.example");

        assertThat(signIn.recall(List.of(), mapped).orElseThrow().caller().name())
                .isEqualTo("certificate:mail.example");
        assertThat(enter(List.of(), mapped).allows(Permission.WORK)).isTrue();
        assertThat(refused(List.of(), unmapped).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(enter(basic("ann", "secret"), mapped).caller().name()).isEqualTo("ann");
    }

    // ---- guessing

    private void guess(int times, Origin origin) {
        for (int i = 0; i < times; i++) {
            assertThat(refused(basic("ann", "guess" + i), origin).code())
                    .as("guess %d", i)
                    .isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
    }

    @Test
    void guessesAreDelayedMoreAndMore() {
        guess(10, AWAY_BY_TLS);
        for (int i = 0; i < 6; i++) {
            PulseException delayed = refused(basic("ann", "secret"), AWAY_BY_TLS);
            assertThat(delayed.code()).isEqualTo(ErrorCode.LIMIT_REACHED);
            assertThat(delayed.retryAfter()).isEqualTo(Duration.ofSeconds(1L << i));
            advance(Duration.ofSeconds(1L << i));
            guess(1, AWAY_BY_TLS);
        }
        advance(Duration.ofMinutes(1).plusSeconds(4));
        assertThat(enter(basic("ann", "secret"), AWAY_BY_TLS)).isNotNull();
    }

    @Test
    void theRightPasswordOpensTheDoorFromAnotherAddress() {
        guess(10, AWAY_BY_TLS);
        guess(10, new Origin("192.0.2.8", false, true, null));
        Origin third = new Origin("192.0.2.9", false, true, null);

        assertThat(enter(basic("ann", "secret"), third)).isNotNull();
        guess(1, third);
        assertThat(refused(basic("ann", "guess"), third).code())
                .as("the account is being guessed at, and this address takes part")
                .isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void whoeverSignedInLatelyAndKeysThatHoldAreNotDelayed() {
        CreatedKey key = key(null);
        enter(basic("ann", "secret"), AWAY_BY_TLS);
        guess(10, AWAY_BY_TLS);

        advance(Duration.ofMillis(500));
        assertThat(refused(basic("bob", "open sesame"), AWAY_BY_TLS).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(enter(basic("ann", "secret"), AWAY_BY_TLS)).isNotNull();
        assertThat(enter(bearer(key.key()), AWAY_BY_TLS)).isNotNull();
    }

    @Test
    void thisMachineIsNeverLockedOutForLong() {
        guess(10, HERE);
        for (int i = 0; i < 20; i++) {
            assertThat(refused(basic("ann", "secret"), HERE).retryAfter()).isEqualTo(Duration.ofSeconds(1));
            advance(Duration.ofSeconds(1));
            guess(1, HERE);
        }
        advance(Duration.ofSeconds(1));
        assertThat(enter(basic("ann", "secret"), HERE)).isNotNull();
    }

    @Test
    void oneNetworkOfIpv6IsOneAddress() {
        guess(5, new Origin("2001:db8:0:1:0:0:0:1", false, true, null));
        guess(5, new Origin("2001:db8:0:1:a:b:c:d", false, true, null));

        assertThat(refused(basic("ann", "x"), new Origin("2001:db8:0:1:9:9:9:9", false, true, null))
                        .code())
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        guess(1, new Origin("2001:db8:0:2:0:0:0:1", false, true, null));
    }

    @Test
    void whatIsRefusedIsAuditedWithoutWhatACallerMadeUpAndCounted() {
        guess(3, AWAY_BY_TLS);
        refused(basic("my-secret-as-a-name", "x"), new Origin("192.0.2.8", false, true, null));
        refused(List.of("Basic %"), new Origin("192.0.2.9", false, true, null));
        enter(basic("ann", "secret"), AWAY_BY_TLS);

        List<AuditEntry> entries =
                stores.audit().list(AuditFilter.ALL, 10, null).items();
        assertThat(entries).extracting(AuditEntry::actor).containsExactly("unknown", "unknown", "ann");
        assertThat(entries).extracting(AuditEntry::action).containsOnly("signin.refused");
        assertThat(signIn.counts()).isEqualTo(new SignInCounts(1, 5, 0));
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
