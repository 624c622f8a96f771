package dev.pulse.engine;

import dev.pulse.model.ReportAnswer;
import dev.pulse.store.Decider;
import dev.pulse.store.ServerStore;
import dev.pulse.store.SessionStore;
import dev.pulse.store.Swept;
import dev.pulse.store.Term;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions that fell silent, and with them their attempts. Stop 10 of the path; an agent of every server that acts
 * on the leader only, and never while this server cannot tell a dead worker from its own deafness. Keeps I2 and I3: the
 * store ends attempts through the same fenced statement as a report.
 */
final class LeaseSweeper implements Agent {
    private static final Logger log = LoggerFactory.getLogger(LeaseSweeper.class);

    private final SessionStore sessions;
    private final ServerStore servers;
    private final Beacon beacon;
    private final OutageWatch watch;
    private final Decider decider;
    private final SweepConfig config;
    private final Aftermath aftermath;
    private final Consumer<UUID> onEnded;
    private final LongSupplier ticker;
    private final Counters counters;
    private long sweepAt;
    private long tidyAt;

    LeaseSweeper(
            SessionStore sessions,
            ServerStore servers,
            Beacon beacon,
            OutageWatch watch,
            Decider decider,
            SweepConfig config,
            Aftermath aftermath,
            Consumer<UUID> onEnded,
            LongSupplier ticker,
            Counters counters) {
        this.sessions = sessions;
        this.servers = servers;
        this.beacon = beacon;
        this.watch = watch;
        this.decider = decider;
        this.config = config;
        this.aftermath = aftermath;
        this.onEnded = onEnded;
        this.ticker = ticker;
        this.counters = counters;
        this.sweepAt = ticker.getAsLong();
        this.tidyAt = sweepAt;
    }

    @Override
    public String name() {
        return "lease-sweeper";
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : Math.max(1, sweepAt - ticker.getAsLong());
    }

    /** One pass; returns how many sessions it ended. */
    @Override
    public int step() {
        long now = ticker.getAsLong();
        if (now - sweepAt < 0) {
            return 0;
        }
        Term term = beacon.term(config.settle().toNanos());
        if (term == null || !watch.isCalm()) {
            sweepAt = now + config.every().toNanos();
            return 0;
        }
        Swept swept = sessions.sweep(term, config.sessionsMax(), decider);
        follow(swept);
        boolean more = swept.sessions().size() >= config.sessionsMax() && swept.braked() == 0;
        sweepAt = more ? now : now + config.every().toNanos();
        tidy(term, now);
        return more ? swept.sessions().size() : 0;
    }

    private void follow(Swept swept) {
        if (swept.braked() > 0) {
            counters.brakes.increment();
            log.warn(
                    "{} sessions lapsed at once: something other than the workers may be wrong; "
                            + "ending one at a time instead of all",
                    swept.braked() + swept.sessions().size());
        }
        if (swept.sessions().isEmpty() && swept.jobs().isEmpty()) {
            return;
        }
        long jobs = swept.jobs().stream()
                .filter(ended -> ended.answer() == ReportAnswer.APPLIED)
                .count();
        counters.lapsedSessions.add(swept.sessions().size());
        counters.lapsedJobs.add(jobs);
        counters.lapsed(jobs);
        log.info(
                "{} sessions lapsed or left, {} jobs taken back: {}",
                swept.sessions().size(),
                jobs,
                swept.sessions());
        aftermath.of(swept.jobs());
        swept.sessions().forEach(onEnded);
    }

    private void tidy(Term term, long now) {
        if (now - tidyAt >= 0) {
            servers.tidy(term);
            tidyAt = now + config.tidyEvery().toNanos();
        }
    }
}
