package dev.pulse.store;

import dev.pulse.model.Caller;
import java.time.Duration;

/**
 * Failures to sign in, shared by all servers. They are counted in buckets, a fixed number of them for addresses and for
 * accounts, so that no flood of made-up names makes more rows than there are buckets. Thread-safe.
 */
public interface SignInStore {
    /** So many buckets of each kind. */
    int BUCKETS = 1 << 20;

    /**
     * What has failed in two buckets.
     *
     * @param address of the caller
     * @param account that was named
     */
    record Failures(Tries address, Tries account) {}

    Failures failures(int address, int account);

    /**
     * Counts a failure in both. The first of an address, and then one in each {@code tellEvery}, is audited as
     * {@code signin.refused}.
     *
     * @param forgiven one earlier failure is forgiven in each such time
     */
    Failures fail(int address, int account, Caller who, Duration forgiven, Duration tellEvery);

    /**
     * Drops what is older.
     *
     * @return how many buckets
     */
    int forget(Duration age);
}
