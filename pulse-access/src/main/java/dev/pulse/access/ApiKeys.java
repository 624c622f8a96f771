package dev.pulse.access;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.Caller;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.KeyStore;
import dev.pulse.store.StoredKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * API keys: {@code pulse_<id>_<secret>}. The id finds the key, and the beginning lets scanners of source code find keys that
 * were left there. The secret has 256 random bits, so a plain SHA-256 keeps it: nobody guesses it, fast or slow. Any thread;
 * every method asks the store.
 */
public final class ApiKeys {
    static final String PREFIX = "pulse_";

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 12;
    /** 43 of 62 letters are 256 bits. */
    private static final int SECRET_LENGTH = 43;

    private final KeyStore store;
    private final SecureRandom random;

    public ApiKeys(KeyStore store, SecureRandom random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Makes a key. The whole of it is in the answer and nowhere else.
     *
     * @throws PulseException LIMIT_REACHED, INVALID_FIELD
     */
    public CreatedKey create(ApiKeyOrder order, Caller by) {
        String id = letters(ID_LENGTH);
        String secret = letters(SECRET_LENGTH);
        ApiKey key = store.create(id, hash(secret), order, by);
        return new CreatedKey(key, PREFIX + id + "_" + secret);
    }

    /** One page, newest first, with those that have ended. */
    public ApiKeyPage list(int limit, @Nullable String cursor) {
        return store.list(limit, cursor);
    }

    /**
     * Ends a key: servers that have seen it lately refuse it within {@link SignIn#KEYS_ARE_REMEMBERED}.
     *
     * @throws PulseException API_KEY_NOT_FOUND
     */
    public ApiKey revoke(String id, Caller by) {
        return store.revoke(id, by)
                .orElseThrow(() -> new PulseException(
                        ErrorCode.API_KEY_NOT_FOUND,
                        "no API key has this id; it is the part between the two underscores of a key"));
    }

    /**
     * The key, if it holds and this is its secret. An unknown id is the same work as a wrong secret.
     *
     * @throws PulseException UNAUTHENTICATED saying so, for a right secret whose time is over
     */
    Optional<ApiKey> check(String id, String secret) {
        Optional<StoredKey> stored = store.find(id);
        byte[] expected = stored.map(StoredKey::hash).orElseGet(() -> new byte[0]);
        boolean right = Digests.areEqual(expected, hash(secret));
        if (!right || stored.isEmpty() || stored.get().key().revokedAt() != null) {
            return Optional.empty();
        }
        StoredKey key = stored.get();
        if (key.expired()) {
            throw new PulseException(
                    ErrorCode.UNAUTHENTICATED,
                    "the API key " + key.key().name() + " expired " + key.key().expiresAt() + "; make another one");
        }
        if (key.idle()) {
            store.used(id);
        }
        return Optional.of(key.key());
    }

    private static byte[] hash(String secret) {
        return Digests.sha256(secret.getBytes(StandardCharsets.US_ASCII));
    }

    private String letters(int length) {
        StringBuilder letters = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return letters.toString();
    }
}
