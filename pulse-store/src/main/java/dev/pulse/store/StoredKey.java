package dev.pulse.store;

import dev.pulse.model.ApiKey;

/**
 * A key with what recognises its secret.
 *
 * @param hash SHA-256 of the secret
 * @param expired by the store's clock
 * @param idle whether its last use was noted so long ago that it is to be noted again
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredKey(ApiKey key, byte[] hash, boolean expired, boolean idle) {
    @Override
    public String toString() {
        return "StoredKey[" + key + ", ***]";
    }
}
