package dev.pulse.access;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells who calls, by what they bring. Any thread.
 *
 * <p>A door asks {@link #recall} first, which never waits and knows whoever signed in lately. Whoever it does not know has to
 * {@link #signIn}, which may compute a slow hash and must not run where others wait for the thread.
 */
public final class SignIn implements AutoCloseable {
    /** Nobody has to sign in, so nobody can be named. */
    private static final Identity ANYBODY = new Identity("operator", Rights.ADMIN);

    /** The users of a server do not change while it runs. */
    private static final Duration USERS_ARE_REMEMBERED = Duration.ofMinutes(10);

    private static final int MAX_REMEMBERED = 10_000;

    private final AccessConfig config;
    private final Passwords passwords;
    private final Remembered remembered;
    private final HashBench bench;

    /**
     * @param processors of this machine; half of them at most compute slow hashes
     * @param ticker monotonic nanoseconds
     */
    public SignIn(AccessConfig config, int processors, LongSupplier ticker) {
        this.config = config;
        this.passwords = new Passwords(config.users());
        this.remembered = new Remembered(MAX_REMEMBERED, ticker);
        this.bench = new HashBench(Math.max(1, processors / 2));
    }

    /** Whoever is known without waiting. */
    public Optional<Access> recall(List<String> authorization, Origin origin) {
        if (config.isOpen()) {
            return Optional.of(ANYBODY.at(origin));
        }
        Credentials credentials = Credentials.read(authorization);
        return credentials instanceof Credentials.Password && isTaken(origin)
                ? remembered.find(credentials).map(identity -> identity.at(origin))
                : Optional.empty();
    }

    /**
     * Who calls. May take its time.
     *
     * @param authorization the headers or metadata of that name, all there are
     * @throws PulseException UNAUTHENTICATED, in the same words whatever is wrong with the credentials
     */
    public Access signIn(List<String> authorization, Origin origin) {
        Optional<Access> known = recall(authorization, origin);
        if (known.isPresent()) {
            return known.get();
        }
        Credentials credentials = Credentials.read(authorization);
        if (!isTaken(origin) && !(credentials instanceof Credentials.Absent)) {
            throw new PulseException(
                    ErrorCode.UNAUTHENTICATED,
                    "credentials are not taken from " + origin.address() + " without TLS, because everybody on the way"
                            + " could read them; use TLS, and change what was just sent");
        }
        return switch (credentials) {
            case Credentials.Password password -> check(password).at(origin);
            case Credentials.Absent absent -> throw unknown();
            case Credentials.Malformed malformed -> throw unknown();
        };
    }

    private boolean isTaken(Origin origin) {
        return config.plaintextAllowed() || origin.isPrivate();
    }

    private Identity check(Credentials.Password password) {
        Optional<User> user = passwords.isSlow()
                ? bench.ask(() -> passwords.check(password.name(), password.secret()))
                : passwords.check(password.name(), password.secret());
        Identity identity =
                user.map(right -> new Identity(right.name(), right.rights())).orElseThrow(SignIn::unknown);
        remembered.remember(password, identity, USERS_ARE_REMEMBERED);
        return identity;
    }

    private static PulseException unknown() {
        return new PulseException(
                ErrorCode.UNAUTHENTICATED, "sign in with a user's name and password, which the server knows, as Basic");
    }

    @Override
    public void close() {
        bench.close();
    }
}
