package dev.pulse.access;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.store.SignInStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Tells who calls, by what they bring. Any thread.
 *
 * <p>A door asks {@link #recall} first, which never waits and knows whoever signed in lately. Whoever it does not know has to
 * {@link #signIn}, which may compute a slow hash or ask the database, and must not run where others wait for the thread.
 */
public final class SignIn implements AutoCloseable {
    /** A key that was revoked is refused within this, by every server. */
    public static final Duration KEYS_ARE_REMEMBERED = Duration.ofSeconds(8);

    /** The users of a server do not change while it runs. */
    private static final Duration USERS_ARE_REMEMBERED = Duration.ofMinutes(10);

    /** Nobody has to sign in, so nobody can be named. */
    private static final Identity ANYBODY = new Identity("operator", Rights.ADMIN);

    private static final String UNKNOWN = "unknown";
    private static final int MAX_REMEMBERED = 10_000;

    private final AccessConfig config;
    private final Passwords passwords;
    private final ApiKeys keys;
    private final Throttle throttle;
    private final Remembered remembered;
    private final HashBench bench;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder delayed = new LongAdder();

    /**
     * @param processors of this machine; half of them at most compute slow hashes
     * @param ticker monotonic nanoseconds
     */
    public SignIn(AccessConfig config, ApiKeys keys, SignInStore failures, int processors, LongSupplier ticker) {
        this.config = config;
        this.passwords = new Passwords(config.users());
        this.keys = keys;
        this.throttle = new Throttle(failures, config.throttle(), ticker);
        this.remembered = new Remembered(MAX_REMEMBERED, ticker);
        this.bench = new HashBench(Math.max(1, processors / 2));
    }

    /** Whoever is known without waiting. Who is not, is to sign in at once: the others may be waiting for that. */
    public Optional<Access> recall(List<String> authorization, Origin origin) {
        if (config.isOpen()) {
            return Optional.of(ANYBODY.at(origin));
        }
        return switch (Credentials.read(authorization)) {
            case Credentials.Absent absent -> certified(origin);
            case Credentials.Malformed malformed -> Optional.empty();
            case Credentials.Password password -> remembered(password, origin);
            case Credentials.Key key -> remembered(key, origin);
        };
    }

    private Optional<Access> remembered(Credentials credentials, Origin origin) {
        return isTaken(origin) ? remembered.find(credentials).map(identity -> identity.at(origin)) : Optional.empty();
    }

    /** A certificate has been checked by the connection; here counts what its name may do. */
    private Optional<Access> certified(Origin origin) {
        String name = origin.certificate();
        Rights rights = name == null ? null : config.certificates().get(name);
        return rights == null ? Optional.empty() : Optional.of(new Identity("certificate:" + name, rights).at(origin));
    }

    /**
     * Who calls, when {@link #recall} does not know. May take its time.
     *
     * @param authorization the headers or metadata of that name, all there are
     * @throws PulseException UNAUTHENTICATED, in the same words whatever is wrong with the credentials; LIMIT_REACHED, with the
     *     time to wait, where too many were wrong before
     */
    public Access signIn(List<String> authorization, Origin origin) {
        Credentials credentials = Credentials.read(authorization);
        if (!isTaken(origin) && !(credentials instanceof Credentials.Absent)) {
            throw new PulseException(
                    ErrorCode.UNAUTHENTICATED,
                    "credentials are not taken from " + origin.address() + " without TLS, because everybody on the way"
                            + " could read them; use TLS, and change what was just sent");
        }
        try {
            Optional<Identity> identity = check(credentials, origin);
            identity.ifPresentOrElse(right -> accepted.increment(), refused::increment);
            return identity.orElseThrow(SignIn::unknown).at(origin);
        } catch (PulseException e) {
            if (e.code() == ErrorCode.LIMIT_REACHED) {
                delayed.increment();
            } else if (e.code() == ErrorCode.UNAUTHENTICATED) {
                remembered.forget(credentials);
            }
            throw e;
        }
    }

    private boolean isTaken(Origin origin) {
        return config.plaintextAllowed() || origin.isPrivate();
    }

    private Optional<Identity> check(Credentials credentials, Origin origin) {
        return switch (credentials) {
            case Credentials.Absent absent -> Optional.empty();
            case Credentials.Malformed malformed -> throttle.refuse(origin, "", UNKNOWN);
            case Credentials.Password password -> {
                String actor = passwords.knows(password.name()) ? password.name() : UNKNOWN;
                yield remembered.knows(password)
                        ? user(password)
                        : throttle.attempt(origin, password.name(), actor, () -> user(password));
            }
            case Credentials.Key key -> {
                // Nobody guesses a key, so a right one is never delayed: programs bring them again all the time.
                Optional<Identity> right = key(key);
                yield right.isPresent() ? right : throttle.refuse(origin, "key:" + key.id(), UNKNOWN);
            }
        };
    }

    private Optional<Identity> user(Credentials.Password password) {
        Optional<Identity> found = remembered.fresh(password);
        if (found.isPresent()) {
            return found;
        }
        Optional<User> user = passwords.isSlow()
                ? bench.ask(() -> passwords.check(password.name(), password.secret()))
                : passwords.check(password.name(), password.secret());
        return user.map(right -> {
            Identity identity = new Identity(right.name(), right.rights());
            remembered.remember(password, identity, USERS_ARE_REMEMBERED);
            return identity;
        });
    }

    private Optional<Identity> key(Credentials.Key credentials) {
        Optional<Identity> found = remembered.fresh(credentials);
        if (found.isPresent()) {
            return found;
        }
        Optional<ApiKey> key = keys.check(credentials.id(), credentials.secret());
        return key.map(right -> {
            Identity identity = new Identity(named(right), right.rights());
            remembered.remember(credentials, identity, KEYS_ARE_REMEMBERED);
            return identity;
        });
    }

    /** Names may be shared; whose session something is, and who did it, must not be. */
    private static String named(ApiKey key) {
        return key.name().equals(key.id()) ? "key:" + key.id() : "key:" + key.name() + "#" + key.id();
    }

    /** How it went so far. */
    public SignInCounts counts() {
        return new SignInCounts(accepted.sum(), refused.sum(), delayed.sum());
    }

    private static PulseException unknown() {
        return new PulseException(
                ErrorCode.UNAUTHENTICATED,
                "sign in with a user's name and password (Basic) or an API key (Bearer) that holds");
    }

    @Override
    public void close() {
        bench.close();
    }
}
