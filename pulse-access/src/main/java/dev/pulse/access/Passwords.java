package dev.pulse.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Checks passwords of users. Any thread.
 *
 * <p>Every check is the same work, whoever is named: one SHA-256, and as many rounds of bcrypt as the dearest of all hashes
 * has. Where a hash has fewer, or the secret is plain, or nobody has that name, rounds whose result nobody reads make up for
 * it. So the time of an answer tells neither which names there are nor how their secrets are kept. (Rounds of cost n, n,
 * n + 1, … m - 1 are together those of cost m.)
 */
final class Passwords {
    /** What bcrypt reads; a longer password would be right whatever follows. */
    static final int MAX_BCRYPT_BYTES = 72;

    private static final byte[] NO_SALT = new byte[16];

    private final Map<String, User> users = new HashMap<>();
    private final int cost;
    private final LongAdder rounds = new LongAdder();

    Passwords(List<User> all) {
        all.forEach(user -> users.put(user.name(), user));
        this.cost = all.stream().mapToInt(user -> user.secret().cost()).max().orElse(StoredSecret.PLAIN);
    }

    /** Whether a check takes long enough that it is not to be made on a thread that others wait for. */
    boolean isSlow() {
        return cost > StoredSecret.PLAIN;
    }

    boolean knows(String name) {
        return users.containsKey(name);
    }

    /** The user of that name, if this is the secret. */
    Optional<User> check(String name, byte[] secret) {
        User user = users.get(name);
        StoredSecret stored = user == null ? StoredSecret.NOBODYS : user.secret();
        byte[] hashed = Digests.sha256(secret);
        if (stored.cost() != StoredSecret.PLAIN) {
            byte[] slow = bcrypt(stored.cost(), stored.salt(), secret);
            hashed = secret.length > MAX_BCRYPT_BYTES ? hashed : slow;
        }
        makeUp(stored.cost(), secret);
        return stored.isHash(hashed) ? Optional.ofNullable(user) : Optional.empty();
    }

    private void makeUp(int done, byte[] secret) {
        if (cost == StoredSecret.PLAIN) {
            return;
        }
        if (done == StoredSecret.PLAIN) {
            bcrypt(cost, NO_SALT, secret);
        }
        for (int part = done; part != StoredSecret.PLAIN && part < cost; part++) {
            bcrypt(part, NO_SALT, secret);
        }
    }

    private byte[] bcrypt(int of, byte[] salt, byte[] secret) {
        rounds.add(1L << of);
        byte[] read = secret.length > MAX_BCRYPT_BYTES ? Arrays.copyOf(secret, MAX_BCRYPT_BYTES) : secret;
        return BCrypt.withDefaults().hashRaw(of, salt, read).rawHash;
    }

    /** Rounds of bcrypt so far, for tests. */
    long rounds() {
        return rounds.sum();
    }
}
