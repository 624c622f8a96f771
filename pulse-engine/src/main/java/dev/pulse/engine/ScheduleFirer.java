package dev.pulse.engine;

import dev.pulse.store.Fired;
import dev.pulse.store.FiringDecider;
import dev.pulse.store.ScheduleStore;
import dev.pulse.store.Term;
import java.time.Duration;
import java.time.zone.ZoneRulesProvider;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires what is due. An agent of every server, woken by the time of the next schedule that the server knows of. Any server
 * may fire anything, the store sees to it that an occurrence makes one job (I6); so leadership only saves work: the leader
 * comes on time, the others a moment later for what is left, and only the leader looks for what no timer knows.
 */
final class ScheduleFirer implements Agent {
    private static final Logger log = LoggerFactory.getLogger(ScheduleFirer.class);

    /** Due schedules that could not be had are another server's at this moment. */
    private static final Duration OTHERS_AT_WORK = Duration.ofMillis(10);

    private static final int FORGET_MAX = 1_000;

    private final ScheduleStore store;
    private final FiringDecider decider;
    private final DueTimer timer;
    private final Beacon beacon;
    private final Arrivals arrivals;
    private final ScheduleConfig config;
    private final RetentionConfig retention;
    private final LongSupplier ticker;
    private final Counters counters;
    private final AtomicLong lagNanos = new AtomicLong();
    private long lookAt;
    private long forgetAt;
    private boolean zonesChecked;

    ScheduleFirer(
            ScheduleStore store,
            FiringDecider decider,
            DueTimer timer,
            Beacon beacon,
            Arrivals arrivals,
            ScheduleConfig config,
            RetentionConfig retention,
            LongSupplier ticker,
            Counters counters) {
        this.store = store;
        this.decider = decider;
        this.timer = timer;
        this.beacon = beacon;
        this.arrivals = arrivals;
        this.config = config;
        this.retention = retention;
        this.ticker = ticker;
        this.counters = counters;
        this.lookAt = ticker.getAsLong();
        this.forgetAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "schedule-firer";
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
            checkZones();
        }
        boolean leads = beacon.isLeader();
        if (look && leads) {
            forget(now);
            learn(store.untilNext(), true);
        }
        return timer.isDue() ? fire(leads) : 0;
    }

    private int fire(boolean leads) {
        timer.reset();
        Fired fired;
        try {
            fired = store.fire(config.batchMax(), decider);
        } catch (RuntimeException e) {
            timer.dueIn(config.every());
            throw e;
        }
        counters.schedulesFired.add(fired.jobs().size());
        arrivals.follow(fired.jobs());
        Duration next = fired.untilNext();
        if (next != null && fired.schedules() == 0 && next.compareTo(OTHERS_AT_WORK) < 0) {
            next = OTHERS_AT_WORK;
        }
        learn(next, leads || fired.schedules() == config.batchMax());
        lagNanos.set(fired.latest().toNanos());
        return fired.schedules();
    }

    private void learn(@Nullable Duration untilNext, boolean onTime) {
        if (untilNext != null) {
            timer.dueIn(onTime ? untilNext : untilNext.plus(config.backup()));
        }
    }

    /** How late the latest job of the last batch was. Any thread. */
    Duration lag() {
        return Duration.ofNanos(lagNanos.get());
    }

    /** The rules of time zones come with the JDK: a newer one may move instants that are stored. */
    private void checkZones() {
        if (zonesChecked) {
            return;
        }
        String version = ZoneRulesProvider.getVersions("UTC").lastEntry().getKey();
        int moved = store.zonesAre(version);
        zonesChecked = true;
        if (moved > 0) {
            log.info("time zone data is now {}: {} schedules are computed again", version, moved);
            timer.dueIn(Duration.ZERO);
        }
    }

    private void forget(long now) {
        if (now - forgetAt < 0) {
            return;
        }
        Term term = beacon.term(0);
        Duration keep = retention.completed().compareTo(retention.canceled()) > 0
                ? retention.completed()
                : retention.canceled();
        int gone = term == null ? 0 : store.forget(term, keep, FORGET_MAX);
        forgetAt = now + (gone >= FORGET_MAX ? 0 : retention.every().toNanos());
    }
}
