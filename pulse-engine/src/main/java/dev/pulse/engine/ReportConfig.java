package dev.pulse.engine;

/**
 * How reports are gathered into ending statements.
 *
 * @param flushers statements under way at once
 * @param flushMax most reports in one statement, unless a single call brings more
 * @param callMax most reports in one call
 * @param flushBytes most bytes of results in one statement, unless a single call brings more
 * @param queueMax most reports that wait; beyond, workers are told to come back
 * @param queueBytes most bytes of results that wait
 * @param triesMax tries of one statement before its reporters are told of the trouble
 * @param splitsMax most halvings in the search for the bad reports of one statement (E21)
 */
public record ReportConfig(
        int flushers,
        int flushMax,
        int callMax,
        long flushBytes,
        int queueMax,
        long queueBytes,
        int triesMax,
        int splitsMax) {
    public static final ReportConfig DEFAULT = new ReportConfig(1, 500, 1_000, 8L << 20, 50_000, 64L << 20, 3, 64);

    public ReportConfig {
        Check.range("report.flushers", flushers, 1, 16);
        Check.range("report.flush-max", flushMax, 1, 10_000);
        Check.range("report.call-max", callMax, 1, 10_000);
        Check.range("report.flush-bytes", flushBytes, 1 << 20, 1L << 30);
        Check.range("report.queue-bytes", queueBytes, 1 << 20, 1L << 36);
        Check.range("report.queue-max", queueMax, 1, 10_000_000);
        Check.range("report.tries-max", triesMax, 1, 100);
        Check.range("report.splits-max", splitsMax, 1, 10_000);
        Check.that(queueMax >= flushMax, "report.queue-max must not be below report.flush-max: a flush must fit");
        Check.that(
                queueBytes >= flushBytes, "report.queue-bytes must not be below report.flush-bytes: a flush must fit");
        Check.that(queueMax >= callMax, "report.queue-max must not be below report.call-max: a call must fit");
    }
}
