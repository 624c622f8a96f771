package dev.pulse.engine;

import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.store.Inserted;
import dev.pulse.store.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes submissions durable. Stops 2 to 4 of the path: takes all that waits the moment its previous insert has ended, so
 * that an idle system answers in one commit and a busy one batches by itself; no job ever waits for company. One agent per
 * flusher, all on one {@link SubmitQueue}. Answers after the commit only (I1).
 */
final class Submitter implements Agent {
    private final String name;
    private final SubmitQueue queue;
    private final JobStore store;
    private final SubmitConfig config;
    private final Arrivals arrivals;
    private final Counters counters;

    Submitter(
            String name, SubmitQueue queue, JobStore store, SubmitConfig config, Arrivals arrivals, Counters counters) {
        this.name = name;
        this.queue = queue;
        this.store = store;
        this.config = config;
        this.arrivals = arrivals;
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

    /** One shared insert and one atomic group. */
    @Override
    public int step() {
        return insertShared(queue.takeSingles()) + insertGroup(queue.takeGroup());
    }

    private int insertGroup(List<SubmitQueue.Call> calls) {
        for (SubmitQueue.Call call : calls) {
            try {
                List<Inserted> answers = insert(call.jobs(), true);
                arrivals.follow(answers); // before the callers are answered, because the work waits already
                call.answer().complete(answers);
            } catch (RuntimeException e) {
                call.answer().completeExceptionally(Trouble.told(e));
                if (!(e instanceof PulseException) || Trouble.isTrouble(e)) {
                    throw e;
                }
            }
        }
        return calls.size();
    }

    private int insertShared(List<SubmitQueue.Call> calls) {
        List<List<Row<Submission, Inserted>>> rows = Row.of(calls, SubmitQueue.Call::jobs);
        List<Row<Submission, Inserted>> all = Row.all(rows);
        if (all.isEmpty()) {
            return 0;
        }
        RuntimeException trouble = null;
        try {
            insertRows(all);
        } catch (RuntimeException e) {
            trouble = e;
        }
        arrivals.follow(Row.answers(all));
        for (int i = 0; i < calls.size(); i++) {
            answer(calls.get(i), Row.answers(rows.get(i)), trouble);
        }
        if (trouble != null) {
            throw trouble;
        }
        return all.size();
    }

    private void insertRows(List<Row<Submission, Inserted>> rows) {
        new Bisect<Row<Submission, Inserted>, Inserted>(
                        some -> insert(some.stream().map(Row::item).toList(), false),
                        (row, inserted) -> row.answer = inserted,
                        (row, reason) -> row.answer = new Inserted.Refused(reason),
                        config.splitsMax())
                .run(rows);
    }

    private List<Inserted> insert(List<Submission> jobs, boolean atomic) {
        counters.inserts.increment();
        counters.insertedRows.add(jobs.size());
        counters.submitBatches.add(jobs.size());
        return store.insert(jobs, atomic);
    }

    private static void answer(SubmitQueue.Call call, List<Inserted> answers, @Nullable RuntimeException trouble) {
        CompletableFuture<List<Inserted>> future = call.answer();
        if (answers.size() < call.rows()) {
            future.completeExceptionally(
                    Trouble.told(trouble == null ? new IllegalStateException("a job without an answer") : trouble));
        } else if (call.atomic() && answers.getFirst() instanceof Inserted.Refused(PulseException reason)) {
            future.completeExceptionally(atPlaceZero(reason));
        } else {
            future.complete(answers);
        }
    }

    /** A group of one shares an insert with strangers; its refusal must read as that of any group. */
    private static PulseException atPlaceZero(PulseException reason) {
        List<Violation> violations = reason.violations().stream()
                .map(violation -> new Violation("jobs[0]." + violation.field(), violation.message()))
                .toList();
        return violations.isEmpty() ? reason : PulseException.of(reason.code(), violations);
    }
}
