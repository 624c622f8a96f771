package dev.pulse.engine;

import dev.pulse.store.ServerStore;
import dev.pulse.store.Term;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows that this server lives, watches for outages, and stands for leader (E16). An agent of every server. Leadership is a
 * belief here: each act of a leader has its term checked by the store.
 */
final class Beacon implements Agent {
    private static final Logger log = LoggerFactory.getLogger(Beacon.class);

    /** @param since when this server gained the term, {@code until} when the belief ends; our ticker */
    private record Belief(Term term, long since, long until) {}

    private final ServerStore store;
    private final Engine.EngineRuntime runtime;
    private final LeaseConfig config;
    private final OutageWatch watch;
    private final LongSupplier ticker;
    private final Counters counters;
    private boolean started;
    private long beatAt;
    private volatile @Nullable Belief belief;

    Beacon(ServerStore store, Engine.EngineRuntime runtime, LeaseConfig config, OutageWatch watch, Counters counters) {
        this.store = store;
        this.runtime = runtime;
        this.config = config;
        this.watch = watch;
        this.ticker = runtime.ticker();
        this.counters = counters;
        this.beatAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "beacon";
    }

    @Override
    public long patience(int done) {
        return Math.max(0, beatAt - ticker.getAsLong());
    }

    @Override
    public int step() {
        long now = ticker.getAsLong();
        if (now - beatAt < 0) {
            return 0;
        }
        if (!started && store.raiseLeaseFloorAfter(config.outage())) {
            // Before our own beat breaks the silence: nobody could be heard while no server was there.
            counters.floorsRaised.increment();
            log.info("no server was running for more than {}: all leases pushed forward", config.outage());
        }
        started = true;
        beat();
        raiseFloorIfDue();
        stand();
        beatAt = now + config.beat().toNanos();
        return 1;
    }

    /** The term that this server believes to hold, or null; and not before {@code settle} nanoseconds of it have passed. */
    @Nullable
    Term term(long settle) {
        Belief held = belief;
        long now = ticker.getAsLong();
        return held != null && now - held.until() < 0 && now - held.since() >= settle ? held.term() : null;
    }

    boolean isLeader() {
        return term(0) != null;
    }

    /** A real write, for health: any thread. */
    void beat() {
        store.beat(runtime.serverId(), runtime.serverName(), runtime.version());
        long asked = ticker.getAsLong();
        watch.beatWorked(asked, store.now());
    }

    private void raiseFloorIfDue() {
        if (watch.isFloorDue()) {
            store.raiseLeaseFloor();
            watch.floorRaised();
            counters.floorsRaised.increment();
            log.warn("workers could not be heard for a while (store away, pause, or clock jump): "
                    + "all leases pushed forward");
        }
    }

    private void stand() {
        long asked = ticker.getAsLong();
        Optional<Term> granted = store.lead(runtime.serverId(), config.leaderTtl());
        Belief before = belief;
        if (granted.isEmpty()) {
            if (before != null) {
                log.info("leadership passed to another server");
            }
            belief = null;
            return;
        }
        Term term = granted.get();
        long since = asked;
        if (before != null && before.term().equals(term)) {
            since = before.since();
        } else {
            log.info("leading the servers, term {}", term.number());
        }
        belief = new Belief(term, since, asked + config.leaderTtl().toNanos());
    }
}
