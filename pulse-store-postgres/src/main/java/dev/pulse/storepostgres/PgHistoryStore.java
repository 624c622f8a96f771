package dev.pulse.storepostgres;

import dev.pulse.model.Throughput;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.Pruned;
import dev.pulse.store.Retention;
import dev.pulse.store.Term;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * History in PostgreSQL: counted once by the fold, kept in days, dropped by the day. Acts run on the control pool, for the
 * leader; what people look at runs on the query pool.
 */
final class PgHistoryStore implements HistoryStore {
    /** A transaction ends a thousand attempts at most, and one on average when nothing is gathered. */
    private static final long FOLD_TRANSACTIONS = 10_000;

    private final Database control;
    private final Database queries;
    private final DayDrop days;
    private final Stragglers stragglers;

    PgHistoryStore(Database control, Database queries) {
        this.control = control;
        this.queries = queries;
        this.days = new DayDrop(control);
        this.stragglers = new Stragglers(control);
    }

    @Override
    public boolean fold(Term term) {
        return control.transact(calls -> {
            if (!holdRollup(calls, term)) {
                return false;
            }
            Long remaining = calls.sql(Statement.ROLLUP_FOLD)
                    .set("transactions", FOLD_TRANSACTIONS)
                    .first(row -> row.getLong("remaining"));
            return remaining != null && remaining > 0;
        });
    }

    /** Locks the sums until the end of the transaction; false where this server leads no more. */
    static boolean holdRollup(Database.Calls calls, Term term) throws SQLException {
        Long held = calls.sql(Statement.ROLLUP_LOCK)
                .set("server", term.server())
                .set("term", term.number())
                .first(row -> row.getLong("tx_until"));
        return held != null;
    }

    @Override
    public Pruned prune(Term term, Retention keep) {
        Pruned day = days.step(term, keep);
        if (day.more()) {
            return day;
        }
        synchronized (stragglers) {
            Pruned jobs = stragglers.removeJobs(term, keep);
            boolean moreKeys = stragglers.forgetKeys(term, keep);
            int rollups = control.write(calls -> calls.sql(Statement.ROLLUP_FORGET)
                    .set("keep_ms", keep.rollups().toMillis())
                    .set("server", term.server())
                    .set("term", term.number())
                    .update());
            return new Pruned(0, 0, jobs.removed(), jobs.more() || moreKeys || rollups > 0, day.blocked());
        }
    }

    @Override
    public Throughput throughput(Duration window, Duration bucket) {
        Throughput.check(window, bucket);
        long length = bucket.toMillis();
        return queries.read(calls -> {
            Instant now = Objects.requireNonNull(
                    calls.sql(Statement.CLOCK).first(row -> Objects.requireNonNull(Sql.instant(row, "now"))));
            long last = Math.floorDiv(now.toEpochMilli(), length);
            long first = last - window.toMillis() / length + 1;
            Map<Long, Throughput.Bucket> found = new HashMap<>();
            calls.sql(Statement.THROUGHPUT)
                    .set("bucket_ms", length)
                    .set("from", Instant.ofEpochMilli(first * length))
                    .set("until", Instant.ofEpochMilli((last + 1) * length))
                    .list(row -> found.put(
                            row.getLong("bucket"),
                            new Throughput.Bucket(
                                    Instant.ofEpochMilli(row.getLong("bucket") * length),
                                    row.getLong("completed"),
                                    row.getLong("dead_lettered"),
                                    row.getLong("retried"))));
            List<Throughput.Bucket> buckets = new ArrayList<>();
            for (long n = first; n <= last; n++) {
                Instant start = Instant.ofEpochMilli(n * length);
                buckets.add(found.getOrDefault(n, new Throughput.Bucket(start, 0, 0, 0)));
            }
            return new Throughput(bucket, buckets);
        });
    }
}
