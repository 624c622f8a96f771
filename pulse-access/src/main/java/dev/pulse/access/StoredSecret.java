package dev.pulse.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.IllegalBCryptFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A user's secret as it is kept: what is needed to recognise it and no more. Shows nothing of itself. Immutable. */
final class StoredSecret {
    static final int PLAIN = 0;

    /** Of nobody: no secret is right. */
    static final StoredSecret NOBODYS = new StoredSecret(PLAIN, new byte[0], new byte[0]);

    private static final int MIN_COST = 4;
    /** About four seconds of a core. */
    private static final int MAX_COST = 16;

    private static final int MAX_BYTES = 1024;
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");

    private final int cost;
    private final byte[] salt;
    private final byte[] hash;

    private StoredSecret(int cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Reads a bcrypt hash, or takes the text for the secret itself.
     *
     * @throws IllegalArgumentException with what is wrong; it does not repeat the text
     */
    static StoredSecret parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the secret is empty");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.startsWith("$2")) {
            return bcrypt(text, bytes);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + bytes.length + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        return new StoredSecret(PLAIN, new byte[0], Digests.sha256(bytes));
    }

    private static StoredSecret bcrypt(String text, byte[] bytes) {
        if (!BCRYPT.matcher(text).matches()) {
            throw new IllegalArgumentException("the secret begins like a bcrypt hash and is none: $2a$, $2b$ or $2y$,"
                    + " two digits and 53 characters are expected; a shell takes $ away unless the value is in"
                    + " single quotes");
        }
        try {
            // The three versions differ in the mistakes of programs long gone, not in the hash.
            bytes[2] = 'a';
            BCrypt.HashData read = BCrypt.Version.VERSION_2A.parser.parse(bytes);
            if (read.cost < MIN_COST || read.cost > MAX_COST) {
                throw new IllegalArgumentException("the secret's bcrypt cost is " + read.cost + "; " + MIN_COST + " to "
                        + MAX_COST + " are allowed");
            }
            return new StoredSecret(read.cost, read.rawSalt, read.rawHash);
        } catch (IllegalBCryptFormatException e) {
            throw new IllegalArgumentException("the secret begins like a bcrypt hash and is none");
        }
    }

    /** The binary logarithm of its rounds; {@link #PLAIN} for one that was given as it is. */
    int cost() {
        return cost;
    }

    byte[] salt() {
        return salt;
    }

    /** Whether this is what became of the right secret. */
    boolean isHash(byte[] hashed) {
        return Digests.areEqual(hash, hashed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredSecret secret
                && cost == secret.cost
                && Arrays.equals(salt, secret.salt)
                && Arrays.equals(hash, secret.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return "***";
    }
}
