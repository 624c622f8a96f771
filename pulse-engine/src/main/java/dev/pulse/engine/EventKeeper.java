package dev.pulse.engine;

import dev.pulse.store.EventStore;
import dev.pulse.store.Term;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has old days of the feed dropped. An agent of every server; the leader acts. */
final class EventKeeper implements Agent {
    private static final Logger log = LoggerFactory.getLogger(EventKeeper.class);

    private final EventStore store;
    private final Beacon beacon;
    private final EventsConfig config;
    private final LongSupplier ticker;
    private long pruneAt;

    EventKeeper(EventStore store, Beacon beacon, EventsConfig config, LongSupplier ticker) {
        this.store = store;
        this.beacon = beacon;
        this.config = config;
        this.ticker = ticker;
        this.pruneAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "event-keeper";
    }

    @Override
    public int step() {
        Term term = beacon.term(0);
        if (term == null || ticker.getAsLong() - pruneAt < 0) {
            return 0;
        }
        int days = store.prune(term, config.keep());
        pruneAt = ticker.getAsLong() + config.pruneEvery().toNanos();
        if (days > 0) {
            log.info("dropped {} days of events, older than {}", days, config.keep());
        }
        return days;
    }

    @Override
    public long patience(int done) {
        return Math.min(config.pruneEvery().toNanos(), 1_000_000_000L);
    }
}
