package dev.pulse.engine;

import dev.pulse.model.AttemptError;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.JobStore;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies reports. Stops 8 and 9 of the path: takes all that waits the moment its previous statement has ended. One agent
 * per flusher, all on one {@link ReportQueue}. The store decides by the token whose report counts (I3); every report gets
 * an answer (I9).
 */
final class Reporter implements Agent {
    /** What became of a report: an answer, or the reason why it could not be applied at all. */
    private record Result(@Nullable Ended ended, @Nullable PulseException refused) {}

    private final String name;
    private final ReportQueue queue;
    private final JobStore store;
    private final Decider decider;
    private final ReportConfig config;
    private final Aftermath aftermath;
    private final Counters counters;

    Reporter(
            String name,
            ReportQueue queue,
            JobStore store,
            Decider decider,
            ReportConfig config,
            Aftermath aftermath,
            Counters counters) {
        this.name = name;
        this.queue = queue;
        this.store = store;
        this.decider = decider;
        this.config = config;
        this.aftermath = aftermath;
        this.counters = counters;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long patience(int done) {
        return done > 0 ? 0 : Duration.ofSeconds(1).toNanos();
    }

    @Override
    public int step() {
        List<ReportQueue.Call> calls = queue.take();
        if (calls.isEmpty()) {
            return 0;
        }
        List<List<Row<Report, Result>>> rows = Row.of(calls, ReportQueue.Call::reports);
        List<Row<Report, Result>> all = Row.all(rows);
        RuntimeException trouble = null;
        try {
            end(all);
        } catch (RuntimeException e) {
            trouble = e;
        }
        List<Ended> ended = ended(all);
        count(all);
        aftermath.of(ended);
        for (int i = 0; i < calls.size(); i++) {
            answer(calls.get(i), rows.get(i), trouble);
        }
        if (trouble != null) {
            throw trouble;
        }
        return all.size();
    }

    /** A token twice in one batch is a repeat: it goes into a later statement, where it finds what the first did. */
    private void end(List<Row<Report, Result>> rows) {
        List<Row<Report, Result>> left = rows;
        while (!left.isEmpty()) {
            Set<LeaseToken> seen = new HashSet<>();
            List<Row<Report, Result>> first = new ArrayList<>(left.size());
            List<Row<Report, Result>> repeats = new ArrayList<>();
            for (Row<Report, Result> row : left) {
                (seen.add(row.item.token()) ? first : repeats).add(row);
            }
            new Bisect<Row<Report, Result>, Ended>(
                            some -> tryEnd(some.stream().map(Row::item).toList()),
                            (row, ended) -> row.answer = new Result(ended, null),
                            (row, reason) -> row.answer = new Result(null, reason),
                            config.splitsMax())
                    .run(first);
            left = repeats;
        }
    }

    /** The same call may be repeated whatever became of the last one: whoever has ended an attempt finds it ended. */
    private List<Ended> tryEnd(List<Report> reports) {
        for (int attempt = 1; ; attempt++) {
            try {
                counters.reportFlushes.increment();
                counters.reportBatches.add(reports.size());
                return store.end(reports, decider);
            } catch (RuntimeException e) {
                if (attempt >= config.triesMax() || !Trouble.isTrouble(e)) {
                    throw e;
                }
            }
        }
    }

    private static List<Ended> ended(List<Row<Report, Result>> rows) {
        List<Ended> ended = new ArrayList<>(rows.size());
        for (Result result : Row.answers(rows)) {
            if (result.ended() != null) {
                ended.add(result.ended());
            }
        }
        return ended;
    }

    private void count(List<Row<Report, Result>> rows) {
        for (Row<Report, Result> row : rows) {
            Ended ended = row.answer == null ? null : row.answer.ended();
            if (ended == null) {
                continue;
            }
            switch (ended.answer()) {
                case APPLIED -> countApplied(row.item, ended);
                case STALE -> counters.stale.increment();
                case UNKNOWN -> counters.unknown.increment();
            }
        }
    }

    /** A repeat has no status: it was counted when it was new. */
    private void countApplied(Report report, Ended ended) {
        counters.applied.increment();
        if (ended.status() != null) {
            counters.outcome(report.outcome().kind());
            if (report.outcome() instanceof Outcome.DeadLetter(AttemptError error)
                    && error.type().equals(AttemptError.UNREADABLE_PAYLOAD)) {
                counters.unreadable.increment();
            }
        }
    }

    /** A call with a refused report fails whole: its other reports, told again, are answered as before. */
    private static void answer(
            ReportQueue.Call call, List<Row<Report, Result>> rows, @Nullable RuntimeException trouble) {
        for (Result result : Row.answers(rows)) {
            if (result.refused() != null) {
                call.answer().completeExceptionally(result.refused());
                return;
            }
        }
        List<Ended> ended = ended(rows);
        if (ended.size() == rows.size()) {
            call.answer().complete(ended);
        } else {
            call.answer()
                    .completeExceptionally(Trouble.told(
                            trouble == null ? new IllegalStateException("a report without an answer") : trouble));
        }
    }
}
