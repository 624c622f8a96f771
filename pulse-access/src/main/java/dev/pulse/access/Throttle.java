package dev.pulse.access;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.SignInStore;
import dev.pulse.store.SignInStore.Failures;
import dev.pulse.store.Tries;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Slows guessing down, over all servers of a database. Any thread; waits for the store, and for other tries of the same
 * address, so that a try is counted before the next one is looked at.
 *
 * <p>Failures count for the address and for the account. An account's failures delay only addresses that have failed
 * themselves: who guesses from many addresses gets one try from each, and the right password still opens the door from one
 * that never failed. A delay that is known here costs nothing more, so that a flood does not reach the database. What has
 * signed in lately is not asked about at all, see {@link Remembered}.
 */
final class Throttle {
    private static final Duration TELL_EVERY = Duration.ofMinutes(1);
    private static final Duration FORGET_AFTER = Duration.ofHours(2);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final int MAX_KNOWN = 10_000;
    private static final int LANES = 64;

    private final SignInStore store;
    private final ThrottleConfig config;
    private final LongSupplier ticker;
    private final Map<Integer, Long> delayed = new ConcurrentHashMap<>();
    private final ReentrantLock[] lanes =
            Stream.generate(ReentrantLock::new).limit(LANES).toArray(ReentrantLock[]::new);
    private final AtomicLong forgotAt;

    Throttle(SignInStore store, ThrottleConfig config, LongSupplier ticker) {
        this.store = store;
        this.config = config;
        this.ticker = ticker;
        this.forgotAt = new AtomicLong(ticker.getAsLong());
    }

    /**
     * Lets a try be made, unless its address or account has to wait; counts it where it comes to nothing.
     *
     * @param account as the caller named it
     * @param actor a name for the audit log, which is not to repeat what a caller made up
     * @throws PulseException LIMIT_REACHED, with the time to wait
     */
    <T> Optional<T> attempt(Origin origin, String account, String actor, Supplier<Optional<T>> check) {
        int address = bucket(network(origin));
        requireNotDelayed(address);
        ReentrantLock lane = lanes[address % LANES];
        enter(lane);
        try {
            requireNotDelayed(address);
            requireNotDelayed(address, origin, store.failures(address, bucket(account)));
            Optional<T> found = check.get();
            if (found.isEmpty()) {
                fail(address, account, origin, actor);
            }
            return found;
        } finally {
            lane.unlock();
        }
    }

    /**
     * Counts what has come to nothing without an attempt.
     *
     * @throws PulseException LIMIT_REACHED where the address has to wait; then nothing is counted
     */
    <T> Optional<T> refuse(Origin origin, String account, String actor) {
        int address = bucket(network(origin));
        requireNotDelayed(address);
        fail(address, account, origin, actor);
        return Optional.empty();
    }

    private void fail(int address, String account, Origin origin, String actor) {
        Failures after = store.fail(
                address, bucket(account), new Caller(actor, origin.address()), config.forgiven(), TELL_EVERY);
        Duration delay = delay(after, origin);
        if (delay.isPositive()) {
            note(address, delay);
        }
        long last = forgotAt.get();
        long now = ticker.getAsLong();
        if (now - last >= FORGET_EVERY.toNanos() && forgotAt.compareAndSet(last, now)) {
            store.forget(FORGET_AFTER);
        }
    }

    private void requireNotDelayed(int address) {
        Long until = delayed.get(address);
        long left = until == null ? 0 : until - ticker.getAsLong();
        if (left > 0) {
            throw wait(Duration.ofNanos(left));
        }
    }

    private void requireNotDelayed(int address, Origin origin, Failures before) {
        Duration delay = delay(before, origin);
        if (delay.isPositive()) {
            note(address, delay);
            throw wait(delay);
        }
    }

    private Duration delay(Failures failures, Origin origin) {
        Duration address = left(failures.address(), config.freeOfAddress(), origin);
        Duration account = failures.address().failures() == 0
                ? Duration.ZERO
                : left(failures.account(), config.freeOfAccount(), origin);
        return address.compareTo(account) > 0 ? address : account;
    }

    private Duration left(Tries tries, int free, Origin origin) {
        long forgiven = tries.since().dividedBy(config.forgiven());
        return config.delay(tries.failures() - forgiven, free, origin.loopback())
                .minus(tries.since());
    }

    private void note(int address, Duration delay) {
        long now = ticker.getAsLong();
        if (delayed.size() >= MAX_KNOWN) {
            delayed.values().removeIf(until -> until - now <= 0);
            if (delayed.size() >= MAX_KNOWN) {
                delayed.clear();
            }
        }
        delayed.put(address, now + delay.toNanos());
    }

    private static void enter(ReentrantLock lane) {
        try {
            if (!lane.tryLock(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw wait(MAX_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.SHUTTING_DOWN, "the server is stopping", e);
        }
    }

    private static PulseException wait(Duration left) {
        return new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        "signing in has failed too often from here; try again in "
                                + Math.max(1, left.plusMillis(999).toSeconds()) + "s")
                .retryAfter(left);
    }

    /** Of IPv6, what one customer of a provider has for himself. */
    private static String network(Origin origin) {
        String address = origin.address();
        return address.indexOf(':') < 0
                ? address
                : String.join(":", Stream.of(address.split(":", -1)).limit(4).toList());
    }

    static int bucket(String text) {
        return Math.floorMod(
                ByteBuffer.wrap(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)))
                        .getInt(),
                SignInStore.BUCKETS);
    }
}
