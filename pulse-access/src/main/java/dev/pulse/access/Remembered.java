package dev.pulse.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Who has shown the right credentials lately, by a keyed hash of these, so that a call costs no slow hash and no look into the
 * database. The key is made at the start and never leaves: what is found here tells nobody a secret. What was wrong is never
 * in it, so callers without a right credential cannot fill it. Any thread; never waits.
 *
 * <p>When half of its life is over, an entry is unknown to one caller, who then makes it anew, while all others go on with it:
 * a busy credential is checked again in time, and never by a thousand calls at once.
 */
final class Remembered {
    private static final String HMAC = "HmacSHA256";

    private final SecretKey key;
    private final int max;
    private final LongSupplier ticker;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(Identity identity, long half, long until, AtomicBoolean renewing) {}

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
        if (entry == null) {
            return Optional.empty();
        }
        long now = ticker.getAsLong();
        boolean over = entry.until - now <= 0;
        boolean mine = entry.half - now <= 0 && entry.renewing.compareAndSet(false, true);
        return over || mine ? Optional.empty() : Optional.of(entry.identity);
    }

    /** Whether they were right lately, and nobody is to wait for a look at them. */
    boolean knows(Credentials credentials) {
        Entry entry = entries.get(print(credentials));
        return entry != null && entry.until - ticker.getAsLong() > 0;
    }

    /** What another caller has just found out about the same. */
    Optional<Identity> fresh(Credentials credentials) {
        Entry entry = entries.get(print(credentials));
        return entry == null || entry.half - ticker.getAsLong() <= 0 ? Optional.empty() : Optional.of(entry.identity);
    }

    void remember(Credentials credentials, Identity identity, Duration life) {
        long now = ticker.getAsLong();
        if (entries.size() >= max) {
            entries.values().removeIf(entry -> entry.until - now <= 0);
            if (entries.size() >= max) {
                entries.clear();
            }
        }
        long nanos = life.toNanos();
        entries.put(print(credentials), new Entry(identity, now + nanos / 2, now + nanos, new AtomicBoolean()));
    }

    /** They were right once, and are not any more. */
    void forget(Credentials credentials) {
        entries.remove(print(credentials));
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
                    mac.update(("p" + password.name() + "\0").getBytes(StandardCharsets.UTF_8));
                    mac.update(password.secret());
                }
                case Credentials.Key apiKey ->
                    mac.update(("k" + apiKey.id() + "\0" + apiKey.secret()).getBytes(StandardCharsets.US_ASCII));
                case Credentials.Absent absent -> mac.update((byte) 'a');
                case Credentials.Malformed malformed -> mac.update((byte) 'm');
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
