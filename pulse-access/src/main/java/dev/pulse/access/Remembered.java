package dev.pulse.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Who has shown the right credentials lately, by a keyed hash of these, so that a call costs no slow hash and no look into the
 * database. The key is made at the start and never leaves: what is found here tells nobody a secret. What was wrong is never
 * in it, so callers without a right credential cannot fill it. Any thread; never waits.
 */
final class Remembered {
    private static final String HMAC = "HmacSHA256";

    private final SecretKey key;
    private final int max;
    private final LongSupplier ticker;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(Identity identity, long until) {}

    /**
     * @param max how many at most
     * @param ticker monotonic nanoseconds
     */
    Remembered(int max, LongSupplier ticker) {
        this.max = max;
        this.ticker = ticker;
        try {
            this.key = KeyGenerator.getInstance(HMAC).generateKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    Optional<Identity> find(Credentials credentials) {
        Entry entry = entries.get(print(credentials));
        return entry == null || entry.until - ticker.getAsLong() <= 0 ? Optional.empty() : Optional.of(entry.identity);
    }

    void remember(Credentials credentials, Identity identity, Duration life) {
        long now = ticker.getAsLong();
        if (entries.size() >= max) {
            entries.values().removeIf(entry -> entry.until - now <= 0);
            if (entries.size() >= max) {
                entries.clear();
            }
        }
        entries.put(print(credentials), new Entry(identity, now + life.toNanos()));
    }

    int size() {
        return entries.size();
    }

    private String print(Credentials credentials) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            switch (credentials) {
                case Credentials.Password password -> {
                    mac.update((byte) 'p');
                    mac.update(password.name().getBytes(StandardCharsets.UTF_8));
                    mac.update((byte) 0);
                    mac.update(password.secret());
                }
                case Credentials.Absent absent -> mac.update((byte) 'a');
                case Credentials.Malformed malformed -> mac.update((byte) 'm');
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
