package dev.pulse.engine;

/**
 * How submissions are gathered into inserts.
 *
 * @param flushers inserts under way at once
 * @param flushRows most jobs in one insert
 * @param flushBytes most payload bytes in one insert, unless a single call brings more
 * @param queueRows most jobs that wait for an insert; beyond, callers are told to come back
 * @param queueBytes most payload bytes that wait for an insert
 * @param splitsMax most halvings in the search for the bad jobs of one insert (E21)
 */
public record SubmitConfig(
        int flushers, int flushRows, long flushBytes, int queueRows, long queueBytes, int splitsMax) {
    public static final SubmitConfig DEFAULT = new SubmitConfig(2, 1_000, 8L << 20, 20_000, 64L << 20, 64);

    public SubmitConfig {
        Check.range("submit.flushers", flushers, 1, 16);
        Check.range("submit.flush-rows", flushRows, 1, 10_000);
        Check.range("submit.flush-bytes", flushBytes, 1 << 20, 1L << 30);
        Check.range("submit.queue-rows", queueRows, 1_000, 10_000_000);
        Check.range("submit.queue-bytes", queueBytes, 1 << 20, 1L << 36);
        Check.range("submit.splits-max", splitsMax, 1, 10_000);
        Check.that(queueRows >= flushRows, "submit.queue-rows must not be below submit.flush-rows: a flush must fit");
        Check.that(
                queueBytes >= flushBytes, "submit.queue-bytes must not be below submit.flush-bytes: a flush must fit");
    }
}
