package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.store.SignInStore.Failures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** API keys, and failures to sign in. */
public abstract class SignInContract extends StoreContract {
    private static final Caller ADA = new Caller("ada", "10.0.0.1");
    private static final Rights RIGHTS = Rights.parse("producer+worker@mail|bill-*");
    private static final byte[] HASH = new byte[32];
    private static final Duration FORGIVEN = Duration.ofMinutes(10);
    private static final Duration TELL = Duration.ofHours(1);

    private ApiKey create(String id) {
        return keys.create(id, HASH, new ApiKeyOrder("ci", RIGHTS, null, null), ADA);
    }

    private List<AuditEntry> audit() {
        return store.stores().audit().list(AuditFilter.ALL, 100, null).items();
    }

    @Test
    void aKeyIsFoundByItsIdWithItsHashAndItsRights() {
        byte[] hash = HASH.clone();
        hash[7] = 7;
        ApiKey made = keys.create("k1", hash, new ApiKeyOrder("ci", RIGHTS, null, null), ADA);
        StoredKey found = keys.find("k1").orElseThrow();

        assertThat(found.key()).isEqualTo(made);
        assertThat(found.hash()).isEqualTo(hash);
        assertThat(found.expired()).isFalse();
        assertThat(made.name()).isEqualTo("ci");
        assertThat(made.rights()).isEqualTo(RIGHTS);
        assertThat(made.createdBy()).isEqualTo("ada");
        assertThat(keys.find("k2")).isEmpty();
    }

    @Test
    void aKeyWithoutANameIsCalledByItsId() {
        assertThat(keys.create("k1", HASH, new ApiKeyOrder(null, RIGHTS, null, null), ADA)
                        .name())
                .isEqualTo("k1");
    }

    @Test
    void aKeyExpiresByTheStoresClock() {
        ApiKey key = keys.create("k1", HASH, new ApiKeyOrder("ci", RIGHTS, null, Duration.ofHours(2)), ADA);

        assertThat(key.expiresAt()).isEqualTo(key.createdAt().plus(Duration.ofHours(2)));
        advance(Duration.ofMinutes(90));
        assertThat(keys.find("k1").orElseThrow().expired()).isFalse();
        advance(Duration.ofHours(1));
        assertThat(keys.find("k1").orElseThrow().expired()).isTrue();
    }

    @Test
    void anExpiryInThePastIsRefusedAndNothingIsStored() {
        Instant past = servers.now().minus(Duration.ofMinutes(5));
        PulseException refusal = catchThrowableOfType(
                PulseException.class, () -> keys.create("k1", HASH, new ApiKeyOrder("ci", RIGHTS, past, null), ADA));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.field()).isEqualTo("expires_at");
        assertThat(keys.find("k1")).isEmpty();
        assertThat(audit()).isEmpty();
    }

    @Test
    void aKeyIsRevokedOnceByWhomAndWhen() {
        create("k1");
        ApiKey ended = keys.revoke("k1", ADA).orElseThrow();
        advance(Duration.ofHours(1));

        assertThat(ended.revokedBy()).isEqualTo("ada");
        assertThat(ended.revokedAt()).isNotNull();
        assertThat(keys.revoke("k1", new Caller("bob", "10.0.0.2"))).contains(ended);
        assertThat(keys.find("k1").orElseThrow().key()).isEqualTo(ended);
        assertThat(keys.revoke("k2", ADA)).isEqualTo(Optional.empty());
    }

    @Test
    void whatIsDoneToKeysIsAuditedWithoutTheirHash() {
        create("k1");
        keys.revoke("k1", ADA);
        keys.revoke("k1", ADA);

        assertThat(audit()).extracting(AuditEntry::action).containsExactly("key.revoke", "key.create");
        assertThat(audit().getLast().target()).isEqualTo("k1");
        assertThat(audit().getLast().after()).isEqualTo(Map.of("name", "ci", "rights", RIGHTS.toString()));
    }

    @Test
    void aListGoesFromTheNewestPageByPage() {
        for (int i = 0; i < 5; i++) {
            create("k" + i);
        }
        List<String> ids = new ArrayList<>();
        ApiKeyPage page = keys.list(2, null);
        for (; page.nextCursor() != null; page = keys.list(2, page.nextCursor())) {
            page.items().forEach(key -> ids.add(key.id()));
        }
        page.items().forEach(key -> ids.add(key.id()));

        assertThat(ids).containsExactly("k4", "k3", "k2", "k1", "k0");
        assertThat(catchThrowableOfType(PulseException.class, () -> keys.list(2, "x"))
                        .code())
                .isEqualTo(ErrorCode.INVALID_QUERY);
    }

    @Test
    void useIsNotedToTheMinute() {
        create("k1");
        assertThat(keys.find("k1").orElseThrow().idle()).isTrue();
        keys.used("k1");
        StoredKey used = keys.find("k1").orElseThrow();
        keys.used("k1");

        assertThat(used.idle()).isFalse();
        assertThat(keys.find("k1").orElseThrow().key().lastUsedAt())
                .isNotNull()
                .isEqualTo(used.key().lastUsedAt());
        advance(Duration.ofMinutes(5));
        assertThat(keys.find("k1").orElseThrow().idle()).isTrue();
        keys.used("k1");
        assertThat(keys.find("k1").orElseThrow().key().lastUsedAt())
                .isAfter(used.key().lastUsedAt());
        keys.used("k2");
    }

    @Test
    void keysThatEndedLongAgoGoWithTheNextThatIsMade() {
        create("k1");
        create("k2");
        keys.revoke("k1", ADA);
        advance(KeyStore.REMEMBERED.plus(Duration.ofDays(1)));
        create("k3");

        assertThat(keys.list(10, null).items()).extracting(ApiKey::id).containsExactly("k3", "k2");
    }

    // ---- failures

    private Failures fail(int address, int account) {
        return signIns.fail(address, account, new Caller("eve", "10.0.0.9"), FORGIVEN, TELL);
    }

    @Test
    void failuresAreCountedByAddressAndByAccount() {
        fail(1, 11);
        fail(1, 12);

        assertThat(signIns.failures(1, 11).address().failures()).isEqualTo(2);
        assertThat(signIns.failures(1, 11).account().failures()).isEqualTo(1);
        assertThat(signIns.failures(2, 13)).isEqualTo(new Failures(Tries.NONE, Tries.NONE));
        assertThat(signIns.failures(11, 1)).isEqualTo(new Failures(Tries.NONE, Tries.NONE));
    }

    @Test
    void timeForgivesOneFailureAfterAnother() {
        for (int i = 0; i < 5; i++) {
            fail(1, 11);
        }
        advance(Duration.ofMinutes(25));

        assertThat(signIns.failures(1, 11).address().since()).isGreaterThan(Duration.ofMinutes(20));
        assertThat(fail(1, 11).address().failures()).isEqualTo(4);
        advance(Duration.ofHours(10));
        assertThat(fail(1, 11).address().failures()).isEqualTo(1);
    }

    @Test
    void aFloodFromOneAddressIsToldOnceInAWhile() {
        for (int i = 0; i < 50; i++) {
            fail(1, i);
        }
        assertThat(audit()).hasSize(1);
        advance(Duration.ofHours(2));
        fail(1, 1);
        fail(2, 1);

        assertThat(audit()).hasSize(3).allSatisfy(entry -> {
            assertThat(entry.action()).isEqualTo("signin.refused");
            assertThat(entry.outcome()).isEqualTo(AuditEntry.REFUSED);
            assertThat(entry.from()).isEqualTo("10.0.0.9");
        });
    }

    @Test
    void whatIsOldIsForgotten() {
        fail(1, 11);
        advance(Duration.ofHours(2));
        fail(2, 12);

        assertThat(signIns.forget(Duration.ofHours(1))).isEqualTo(2);
        assertThat(signIns.failures(1, 11)).isEqualTo(new Failures(Tries.NONE, Tries.NONE));
        assertThat(signIns.failures(2, 12).address().failures()).isEqualTo(1);
    }
}
