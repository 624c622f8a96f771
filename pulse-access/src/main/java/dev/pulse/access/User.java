package dev.pulse.access;

import dev.pulse.model.Rights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Somebody whom the configuration names. Shows no secret, whoever asks. */
public final class User {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@+-]{1,64}");
    private static final int MAX_USERS = 1_000;

    private final String name;
    private final StoredSecret secret;
    private final Rights rights;

    private User(String name, StoredSecret secret, Rights rights) {
        this.name = name;
        this.secret = secret;
        this.rights = rights;
    }

    /**
     * Reads {@code name:secret[:rights],…}; the secret is plain or a bcrypt hash, the rights are what {@link Rights#parse}
     * reads and admin where there are none.
     *
     * @param faults gets every fault; none repeats a secret
     * @return those without a fault
     */
    public static List<User> parse(String text, Consumer<String> faults) {
        List<User> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String[] entries = text.split(",", -1);
        if (entries.length > MAX_USERS) {
            faults.accept(entries.length + " users; at most " + MAX_USERS + " are allowed");
            return users;
        }
        for (int i = 0; i < entries.length; i++) {
            String place = "user " + (i + 1);
            String[] parts = entries[i].strip().split(":", 3);
            if (parts.length < 2 || !NAME.matcher(parts[0]).matches()) {
                faults.accept(
                        place + ": name:secret or name:secret:role is expected, the name of 1 to 64 of"
                                + " A-Z a-z 0-9 . _ @ + -; a secret with a comma is given as its bcrypt hash, see pulse passwd");
                continue;
            }
            try {
                if (!names.add(parts[0])) {
                    throw new IllegalArgumentException("is named before");
                }
                users.add(new User(parts[0], StoredSecret.parse(parts[1]), rights(parts)));
            } catch (IllegalArgumentException e) {
                faults.accept(place + " (" + parts[0] + "): " + e.getMessage());
            }
        }
        return users;
    }

    private static Rights rights(String[] parts) {
        if (parts.length < 3) {
            return Rights.ADMIN;
        }
        try {
            return Rights.parse(parts[2]);
        } catch (IllegalArgumentException e) {
            // What stands there may be the rest of a secret that has a colon, so it is not repeated.
            throw new IllegalArgumentException("behind the secret stands what is no role: admin, operator, producer,"
                    + " worker or viewer is expected, several joined by +, narrowed to queues by @queue|beginning*;"
                    + " a secret with a colon is given as its bcrypt hash, see pulse passwd");
        }
    }

    public String name() {
        return name;
    }

    public Rights rights() {
        return rights;
    }

    StoredSecret secret() {
        return secret;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof User user
                && name.equals(user.name)
                && secret.equals(user.secret)
                && rights.equals(user.rights);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name + ":" + secret + ":" + rights;
    }
}
