package dev.pulse.engine;

import dev.pulse.store.AuditStore;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.Pruned;
import dev.pulse.store.Term;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the past go when its retention has passed. Stop 11 of the path; an agent of every server that acts on the leader
 * only: each act has its term checked by the store (E16). Never needed for correctness (P2 is the store's).
 */
final class Pruner implements Agent {
    private static final Logger log = LoggerFactory.getLogger(Pruner.class);

    private final HistoryStore store;
    private final AuditStore audit;
    private final Beacon beacon;
    private final RetentionConfig config;
    private final LongSupplier ticker;
    private final Counters counters;
    private long lookAt;

    Pruner(
            HistoryStore store,
            AuditStore audit,
            Beacon beacon,
            RetentionConfig config,
            LongSupplier ticker,
            Counters counters) {
        this.store = store;
        this.audit = audit;
        this.beacon = beacon;
        this.config = config;
        this.ticker = ticker;
        this.counters = counters;
        this.lookAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "pruner";
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : Math.max(1, lookAt - ticker.getAsLong());
    }

    /** One bounded step of a round; the next round begins when this one found nothing more. */
    @Override
    public int step() {
        long now = ticker.getAsLong();
        if (now - lookAt < 0) {
            return 0;
        }
        Term term = beacon.term(0);
        if (term == null) {
            lookAt = now + config.every().toNanos();
            return 0;
        }
        Pruned pruned;
        boolean moreEntries;
        try {
            pruned = store.prune(term, config.retention());
            moreEntries = audit.forget(term, config.audit(), config.batchMax()) == config.batchMax();
        } catch (RuntimeException e) {
            lookAt = now + config.every().toNanos();
            throw e;
        }
        follow(pruned);
        boolean more = pruned.more() || moreEntries;
        if (!more) {
            lookAt = now + config.every().toNanos();
        }
        return more ? 1 : 0;
    }

    private void follow(Pruned pruned) {
        counters.prunedDays.add(pruned.days());
        counters.prunedJobs.add(pruned.removed());
        if (pruned.days() > 0) {
            log.info("a day of history has outlived its retention and was dropped");
        }
        if (!pruned.blocked().isEmpty()) {
            log.warn("a day of history is due but could not be dropped yet: {}", pruned.blocked());
        }
    }
}
