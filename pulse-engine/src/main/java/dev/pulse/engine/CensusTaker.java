package dev.pulse.engine;

import dev.pulse.model.JobCounts;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Scope;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.Switches;
import dev.pulse.store.Stores;
import dev.pulse.store.Vitals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what stands in the store, so that neither a scrape nor a look at health asks the database. An agent of every
 * server that acts where somebody asked lately: on the leader, which alone tells the shared figures to metrics, and anywhere
 * when health is asked for. The next count is not begun before fifty times what the last one cost, so that it takes two per
 * cent of the time however many jobs there are. {@link #latest} and {@link #count} may be called by any thread.
 */
final class CensusTaker implements Agent {
    /** A count this old is as good as new. */
    static final Duration EVERY = Duration.ofSeconds(15);

    /** Who has not asked for so long has gone. */
    static final Duration WANTED_FOR = Duration.ofMinutes(5);

    /** A count this old tells nothing any more. */
    static final Duration STALE = Duration.ofMinutes(5);

    private static final int COST_FACTOR = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private record Taken(Census census, long at) {}

    private final Stores stores;
    private final BooleanSupplier leads;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Wake wake;
    /** One count at a time, however many ask. */
    private final ReentrantLock counting = new ReentrantLock();

    private volatile @Nullable Taken taken;
    private volatile @Nullable Long wantedAt;

    CensusTaker(Stores stores, BooleanSupplier leads, InstantSource clock, LongSupplier ticker, Wake wake) {
        this.stores = stores;
        this.leads = leads;
        this.clock = clock;
        this.ticker = ticker;
        this.wake = wake;
    }

    @Override
    public String name() {
        return "census-taker";
    }

    @Override
    public long patience(int done) {
        return Duration.ofSeconds(1).toNanos();
    }

    /** One count, where it is time and somebody wants it. */
    @Override
    public int step() {
        Long wanted = wantedAt;
        boolean inDemand = wanted != null && ticker.getAsLong() - wanted < WANTED_FOR.toNanos();
        if (!inDemand || !leads.getAsBoolean() || isFresh()) {
            return 0;
        }
        count();
        return 0; // no reason to look again at once
    }

    /** The last count, while it tells something, or null; asks for more to be made. Never waits. */
    @Nullable
    Census latest() {
        boolean first = wantedAt == null;
        wantedAt = ticker.getAsLong();
        if (first) {
            wake.signal();
        }
        Taken last = taken;
        return last == null || ticker.getAsLong() - last.at() > STALE.toNanos() ? null : last.census();
    }

    /**
     * A count that is fresh enough: the last one, or a new one made on this thread.
     *
     * @throws RuntimeException the store's trouble
     */
    Census count() {
        counting.lock();
        try {
            Taken last = taken;
            if (last != null && isFresh()) {
                return last.census();
            }
            Census census = ask();
            taken = new Taken(census, ticker.getAsLong());
            return census;
        } finally {
            counting.unlock();
        }
    }

    private boolean isFresh() {
        Taken last = taken;
        if (last == null) {
            return false;
        }
        Duration pace = last.census().took().multipliedBy(COST_FACTOR);
        Duration pause = pace.compareTo(LONGEST_PAUSE) < 0 ? pace : LONGEST_PAUSE;
        long fresh = Math.max(EVERY.toNanos(), pause.toNanos());
        return ticker.getAsLong() - last.at() < fresh;
    }

    private Census ask() {
        long from = ticker.getAsLong();
        Duration skew = skew();
        Vitals vitals = stores.vitals().read();
        JobCounts counts = stores.jobs().counts();
        List<LineInfo> queues = stores.switches().lines(Scope.Kind.QUEUE);
        List<LineInfo> types = stores.switches().lines(Scope.Kind.TYPE);
        Switches switches = stores.switches().read();
        List<SessionInfo> sessions = stores.sessions().sessions();
        List<SubscriptionInfo> subscriptions = stores.events().subscriptions();
        Duration took = Duration.ofNanos(ticker.getAsLong() - from);
        return new Census(counts, queues, types, switches, sessions, subscriptions, vitals, skew, took);
    }

    /** Our clock in the middle of the question against the store's answer. */
    private Duration skew() {
        Instant before = clock.instant();
        Instant theirs = stores.servers().now();
        Instant after = clock.instant();
        Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(theirs, ours);
    }
}
