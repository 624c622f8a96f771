package dev.pulse.sdk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts payloads and results with AES-GCM, by keys that have ids: the newest encrypts, every one decrypts, so that a key
 * is changed by adding the new one to all workers first, then making it the newest. The database, the server and its
 * operators see bytes.
 *
 * <p>A layout version, the key's id, the nonce (96 bits), the ciphertext and the tag (128 bits) follow each other. All that
 * stands before the ciphertext, the job's type and whether it is a payload or a result are authenticated too: bytes that are
 * put into another job of another type do not decrypt.
 *
 * <p>The nonce is random. Only for a job with a key or an id of the caller's own it is computed from the content by
 * HMAC-SHA-256, because the same content has to be the same bytes there: two such payloads show that they are equal, and
 * nothing else. Encrypt at most 2^32 payloads with one key.
 */
public final class AesGcm implements PayloadTransform {
    private static final byte LAYOUT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private record Key(String id, SecretKey aes, SecretKey nonces) {}

    private final Map<String, Key> keys;
    private final @Nullable Key newest;
    private final SecureRandom random;

    private AesGcm(Map<String, Key> keys, @Nullable Key newest, SecureRandom random) {
        this.keys = keys;
        this.newest = newest;
        this.random = random;
    }

    /** Without a key: add at least one. */
    public static AesGcm create() {
        return create(new SecureRandom());
    }

    static AesGcm create(SecureRandom random) {
        return new AesGcm(Map.of(), null, random);
    }

    /**
     * Adds a key, which encrypts from here on; those added before still decrypt.
     *
     * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ -}; stands in clear before each ciphertext
     * @param key 16, 24 or 32 random bytes; copied
     */
    public AesGcm key(String id, byte[] key) {
        if (!KEY_ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "not a key id: \"" + id + "\"; 1 to 64 of A-Z a-z 0-9 . _ - are allowed");
        }
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new IllegalArgumentException("an AES key has 16, 24 or 32 bytes, key " + id + " has " + key.length);
        }
        SecretKey nonces = new SecretKeySpec(
                hmac(new SecretKeySpec(key, "HmacSHA256"), "pulse nonce".getBytes(StandardCharsets.US_ASCII)),
                "HmacSHA256");
        Key added = new Key(id, new SecretKeySpec(key, "AES"), nonces);
        Map<String, Key> all = new TreeMap<>(keys);
        if (all.put(id, added) != null) {
            throw new IllegalArgumentException("key " + id + " is there already");
        }
        return new AesGcm(Map.copyOf(all), added, random);
    }

    @Override
    public String coding() {
        return "aes-gcm";
    }

    @Override
    public byte[] encode(byte[] plain, PayloadUse use) {
        if (newest == null) {
            throw new IllegalStateException("no key to encrypt with: add one with key(id, bytes)");
        }
        byte[] id = newest.id().getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = use.repeatable() ? nonceOf(newest, plain, use) : randomNonce();
        byte[] head = ByteBuffer.allocate(2 + id.length + NONCE_BYTES)
                .put(LAYOUT)
                .put((byte) id.length)
                .put(id)
                .put(nonce)
                .array();
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, newest, head, nonce, use).doFinal(plain);
            return ByteBuffer.allocate(head.length + sealed.length)
                    .put(head)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    @Override
    public byte[] decode(byte[] coded, PayloadUse use) {
        int idLength = coded.length < 2 ? 0 : coded[1];
        int head = 2 + idLength + NONCE_BYTES;
        if (coded.length < 2 || coded[0] != LAYOUT || idLength < 1 || coded.length < head + TAG_BITS / 8) {
            throw new IllegalArgumentException("not encrypted by this version: " + coded.length + " bytes");
        }
        String id = new String(coded, 2, idLength, StandardCharsets.US_ASCII);
        Key key = keys.get(id);
        if (key == null) {
            throw new IllegalArgumentException("encrypted with the key "
                    + (KEY_ID.matcher(id).matches() ? id : "?") + ", which this process does not have");
        }
        byte[] nonce = Arrays.copyOfRange(coded, head - NONCE_BYTES, head);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(coded, head), nonce, use)
                    .doFinal(coded, head, coded.length - head);
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException(
                    "does not decrypt with the key " + id + ": changed, of another job type, or of another key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("does not decrypt with the key " + id, e);
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] head, byte[] nonce, PayloadUse use)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.aes(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head);
        cipher.updateAAD(context(use));
        return cipher;
    }

    private static byte[] context(PayloadUse use) {
        return (use.part().name() + ":" + use.type()).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] randomNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    private static byte[] nonceOf(Key key, byte[] plain, PayloadUse use) {
        byte[] context = context(use);
        byte[] all = ByteBuffer.allocate(Integer.BYTES + context.length + plain.length)
                .putInt(context.length)
                .put(context)
                .put(plain)
                .array();
        return Arrays.copyOf(hmac(key.nonces(), all), NONCE_BYTES);
    }

    private static byte[] hmac(SecretKey key, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** The ids of its keys, never the keys. */
    @Override
    public String toString() {
        return "AesGcm" + new TreeMap<>(keys).keySet();
    }
}
