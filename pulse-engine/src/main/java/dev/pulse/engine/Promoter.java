package dev.pulse.engine;

import dev.pulse.store.JobStore;
import dev.pulse.store.Promoted;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Makes due jobs ready. Stop 11 of the path; an agent of every server, woken by the time of the next due job that the
 * server knows of. The leader also looks for those that nobody here knows of (E10).
 */
final class Promoter implements Agent {
    /** Due jobs that could not be had are another server's at this moment. */
    private static final Duration OTHERS_AT_WORK = Duration.ofMillis(10);

    private final JobStore store;
    private final DueTimer timer;
    private final Beacon beacon;
    private final LaneSignals signals;
    private final PromoteConfig config;
    private final LongSupplier ticker;
    private final Counters counters;
    private long lookAt;

    Promoter(
            JobStore store,
            DueTimer timer,
            Beacon beacon,
            LaneSignals signals,
            PromoteConfig config,
            LongSupplier ticker,
            Counters counters) {
        this.store = store;
        this.timer = timer;
        this.beacon = beacon;
        this.signals = signals;
        this.config = config;
        this.ticker = ticker;
        this.counters = counters;
        this.lookAt = ticker.getAsLong();
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    @Override
    public String name() {
        return "promoter";
    }

    @Override
    public long patience(int done) {
        if (done > 0) {
            return 0;
        }
        long untilLook = Math.max(1, lookAt - ticker.getAsLong());
        return Math.max(0, Math.min(untilLook, timer.untilDue()));
    }

    /** One batch. */
    @Override
    public int step() {
        long now = ticker.getAsLong();
        boolean look = now - lookAt >= 0;
        if (look) {
            lookAt = now + config.every().toNanos();
        }
        if (!timer.isDue() && !(look && beacon.isLeader())) {
            return 0;
        }
        timer.reset();
        Promoted promoted;
        try {
            promoted = store.promote(config.batchMax());
        } catch (RuntimeException e) {
            timer.dueIn(config.every());
            throw e;
        }
        if (promoted.untilNext() != null) {
            timer.dueIn(promoted.count() == 0 ? max(promoted.untilNext(), OTHERS_AT_WORK) : promoted.untilNext());
        }
        counters.promoted.add(promoted.count());
        signals.readyAtTheEnd(promoted.lanes());
        return promoted.count();
    }
}
