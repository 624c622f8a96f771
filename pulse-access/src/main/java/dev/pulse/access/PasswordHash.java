package dev.pulse.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Makes the hashes that {@link User#parse} reads. */
public final class PasswordHash {
    /** About a quarter of a second of a core. */
    private static final int COST = 12;

    private PasswordHash() {}

    /**
     * A bcrypt hash with a salt of its own.
     *
     * @throws IllegalArgumentException for an empty password, one of more than 72 bytes, or one with control characters
     */
    public static String of(String password, SecureRandom random) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("the password is empty");
        }
        if (bytes.length > Passwords.MAX_BCRYPT_BYTES) {
            throw new IllegalArgumentException("the password has " + bytes.length + " bytes; bcrypt reads no more than "
                    + Passwords.MAX_BCRYPT_BYTES);
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the password has control characters");
        }
        return new String(BCrypt.with(random).hash(COST, bytes), StandardCharsets.US_ASCII);
    }
}
