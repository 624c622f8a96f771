package dev.pulse.engine;

import dev.pulse.model.Bundle;
import dev.pulse.store.BundleStore;
import dev.pulse.store.Folded;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Adds up what the ends of members noted about their bundles, and has the store decide which are finished. An agent of every
 * server: each folds at once what ended through it, so that no end of a job waits for a bundle's row; the leader also looks
 * for what others left. Keeps I10: the store decides under the bundle's lock, whoever asks and however often.
 */
final class BundleFolder implements Agent {
    private final BundleStore store;
    private final Beacon beacon;
    private final Arrivals arrivals;
    private final WaitRoom<Bundle> waiters;
    private final BundleConfig config;
    private final LongSupplier ticker;
    private final Wake wake;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<UUID> touched = new LinkedHashSet<>();
    private boolean folded;
    private long lookAt;

    BundleFolder(
            BundleStore store,
            Beacon beacon,
            Arrivals arrivals,
            WaitRoom<Bundle> waiters,
            BundleConfig config,
            LongSupplier ticker,
            Wake wake,
            Counters counters) {
        this.store = store;
        this.beacon = beacon;
        this.arrivals = arrivals;
        this.waiters = waiters;
        this.config = config;
        this.ticker = ticker;
        this.wake = wake;
        this.counters = counters;
        this.lookAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "bundle-folder";
    }

    /** The counts of these bundles changed. Any thread. */
    void touched(Collection<UUID> bundles) {
        if (bundles.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (UUID bundle : bundles) {
                if (touched.size() < config.touchedMax()) {
                    touched.add(bundle);
                }
            }
        } finally {
            lock.unlock();
        }
        wake.signal();
    }

    @Override
    public long rest() {
        return folded ? config.gather().toNanos() : 0;
    }

    @Override
    public long patience(int done) {
        return done > 0 || hasTouched() ? 0 : Math.max(1, lookAt - ticker.getAsLong());
    }

    /** One transaction. */
    @Override
    public int step() {
        folded = false;
        Set<UUID> named = take();
        if (named.isEmpty() && !isLookDue()) {
            return 0;
        }
        Folded done;
        try {
            done = store.fold(named, config.batchMax());
        } catch (RuntimeException e) {
            touched(named);
            throw e;
        }
        folded = true;
        counters.bundlesFolded.add(done.bundles());
        counters.bundlesFinished.add(done.finished().size());
        arrivals.follow(done.callbacks());
        touched(done.parents());
        done.finished().forEach(waiters::ended);
        return named.isEmpty() && done.bundles() < config.batchMax() ? 0 : done.bundles();
    }

    private boolean isLookDue() {
        long now = ticker.getAsLong();
        if (now - lookAt < 0) {
            return false;
        }
        lookAt = now + config.every().toNanos();
        return beacon.isLeader();
    }

    private Set<UUID> take() {
        lock.lock();
        try {
            Set<UUID> taken = new HashSet<>();
            Iterator<UUID> next = touched.iterator();
            while (next.hasNext() && taken.size() < config.batchMax()) {
                taken.add(next.next());
                next.remove();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasTouched() {
        lock.lock();
        try {
            return !touched.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
