package dev.pulse.engine;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Caller;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFilter;
import dev.pulse.model.PulseException;
import dev.pulse.store.BulkCount;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Acts on all jobs that a filter finds. What is asked for is stored and then done chunk by chunk, by whichever server comes
 * first: whoever asked may wait for the end or look later. Any thread; may block.
 */
public final class Bulk {
    private static final int MAX_RATE = 100_000;

    private final BulkStore store;
    private final BulkConfig config;
    private final BulkRunner runner;
    private final IdSource ids;
    private final LongSupplier ticker;

    Bulk(BulkStore store, BulkConfig config, BulkRunner runner, IdSource ids, LongSupplier ticker) {
        this.store = store;
        this.config = config;
        this.runner = runner;
        this.ids = ids;
        this.ticker = ticker;
    }

    /**
     * Takes an act in; it is durable and audited when this returns, and goes on by itself.
     *
     * @param all whether a filter that may mean every job is meant so
     * @param rate most jobs a second, or null for as fast as it goes
     * @throws PulseException INVALID_FIELD for a filter that is too broad or a rate out of range, LIMIT_REACHED where too
     *     many operations are unfinished
     */
    public BulkOperation start(BulkAction action, JobFilter filter, boolean all, @Nullable Integer rate, Caller by) {
        requireNarrow(filter, all);
        if (rate != null && (rate < 1 || rate > MAX_RATE)) {
            throw PulseException.invalid("rate", "1 to " + MAX_RATE + " jobs a second are allowed, got " + rate);
        }
        BulkOperation started = store.start(new BulkOrder(ids.next(), action, filter, rate, by));
        runner.wake();
        return started;
    }

    /**
     * Counts what an act would look at, for some seconds at most.
     *
     * @return not finished where there are at least so many
     * @throws PulseException INVALID_FIELD for a filter that is too broad
     */
    public BulkResult count(JobFilter filter, boolean all) {
        requireNarrow(filter, all);
        long start = ticker.getAsLong();
        long matched = 0;
        String cursor = null;
        do {
            BulkCount part = store.count(filter, cursor, config.countWindow());
            matched += part.matched();
            cursor = part.cursor();
        } while (cursor != null
                && ticker.getAsLong() - start < config.countWithin().toNanos());
        return new BulkResult(matched, 0, new TreeMap<>(), cursor == null, null);
    }

    /**
     * The operation once it has ended, or as it stands when the time is over.
     *
     * @param wait at most 30 s are waited
     * @return empty for an unknown id
     */
    public Optional<BulkOperation> await(UUID id, Duration wait) {
        Duration most = wait.compareTo(config.waitMax()) > 0 ? config.waitMax() : wait;
        runner.await(() -> store.find(id).map(one -> one.state().isFinal()).orElse(true), most);
        return store.find(id);
    }

    /**
     * The latest operations, newest first.
     *
     * @param limit 1 to 1000
     */
    public List<BulkOperation> list(int limit) {
        return store.list(limit);
    }

    /**
     * Ends an operation before its time; what it changed stays changed.
     *
     * @return empty for an unknown id
     */
    public Optional<BulkOperation> stop(UUID id, Caller by) {
        return store.stop(id, by);
    }

    private static void requireNarrow(JobFilter filter, boolean all) {
        if (!all && !filter.isNarrow()) {
            throw PulseException.invalid(
                    "filter",
                    "must name a status, a type, a queue, a tag, an origin or a text; for every job there is, say all");
        }
    }
}
