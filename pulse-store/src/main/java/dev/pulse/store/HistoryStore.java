package dev.pulse.store;

import dev.pulse.model.PulseException;
import dev.pulse.model.Throughput;
import java.time.Duration;

/** What is kept of the past, for how long, and what is summed up of it. */
public interface HistoryStore {
    /**
     * Counts a bounded part of the history that no fold has counted yet, so that counts and throughput stay cheap. Never
     * needed for them to be right.
     *
     * @return whether more is waiting
     */
    boolean fold(Term term);

    /**
     * Lets a bounded part of the past go: the oldest day at once when its retention has passed, after what must outlive it
     * was moved aside; jobs that lie beside the days one by one; keys that hold nobody; old sums. Unfinished jobs are never
     * touched (P2). Nothing happens where the term is over.
     */
    Pruned prune(Term term, Retention keep);

    /**
     * What happened in the last {@code window}, in buckets.
     *
     * @throws PulseException INVALID_QUERY for a window or bucket that {@link Throughput#check} refuses
     */
    Throughput throughput(Duration window, Duration bucket);
}
