package dev.pulse.store;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.Caller;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys: hashes of secrets, never secrets. Thread-safe. */
public interface KeyStore {
    /** Most keys that hold at one time. */
    int MOST = 10_000;

    /** How long a key that was revoked or has expired is still listed. */
    Duration REMEMBERED = Duration.ofDays(90);

    /** A use is noted no sooner than this after the one before. */
    Duration NOTED_EVERY = Duration.ofMinutes(1);

    /**
     * Stores a key, and drops those that ended longer ago than {@link #REMEMBERED}. Audited as {@code key.create}.
     *
     * @param id not stored before
     * @param hash SHA-256 of the secret
     * @throws dev.pulse.model.PulseException LIMIT_REACHED where {@link #MOST} hold already; INVALID_FIELD for an expiry that
     *     is not in the future
     */
    ApiKey create(String id, byte[] hash, ApiKeyOrder order, Caller by);

    /** The key of that id, whether it holds or not. */
    Optional<StoredKey> find(String id);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException INVALID_QUERY for a cursor that is not this list's
     */
    ApiKeyPage list(int limit, @Nullable String cursor);

    /**
     * Ends a key. Audited as {@code key.revoke}; one that was revoked before stays as it is.
     *
     * @return as it is since; empty where there is none
     */
    Optional<ApiKey> revoke(String id, Caller by);

    /** Notes that a key was used just now; at most once every {@link #NOTED_EVERY}. */
    void used(String id);
}
