package dev.pulse.engine;

import dev.pulse.store.HistoryStore;
import dev.pulse.store.Term;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts what has settled of the history, so that nobody has to count it again. An agent of every server that acts on the
 * leader only: the store checks its term (E16). Without it counts stay right and become slow.
 */
final class HistoryFolder implements Agent {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final HistoryStore store;
    private final Beacon beacon;
    private final LongSupplier ticker;
    private long foldAt;

    HistoryFolder(HistoryStore store, Beacon beacon, LongSupplier ticker) {
        this.store = store;
        this.beacon = beacon;
        this.ticker = ticker;
        this.foldAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "history-folder";
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : Math.max(1, foldAt - ticker.getAsLong());
    }

    /** One bounded fold. */
    @Override
    public int step() {
        long now = ticker.getAsLong();
        if (now - foldAt < 0) {
            return 0;
        }
        foldAt = now + EVERY.toNanos();
        Term term = beacon.term(0);
        if (term == null || !store.fold(term)) {
            return 0;
        }
        foldAt = now;
        return 1;
    }
}
