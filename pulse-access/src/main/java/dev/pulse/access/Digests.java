package dev.pulse.access;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes of what is random or compared once. Pure. */
final class Digests {
    private Digests() {}

    static byte[] sha256(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In a time that does not tell where they differ. */
    static boolean areEqual(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
