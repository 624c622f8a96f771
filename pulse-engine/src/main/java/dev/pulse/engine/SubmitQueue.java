package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.store.Inserted;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Stop 2 of the path: where submissions wait for the insert under way to end. Those that stand or fall alone share the
 * next insert; an atomic group of several is an insert of its own. Any thread; bounded (I8).
 */
final class SubmitQueue {
    /** One call. */
    record Call(List<Submission> jobs, boolean atomic, long bytes, CompletableFuture<List<Inserted>> answer)
            implements Inbox.Entry {
        @Override
        public int rows() {
            return jobs.size();
        }
    }

    private final SubmitConfig config;
    private final Counters counters;
    private final Inbox<Call> singles;
    private final Inbox<Call> groups;

    SubmitQueue(SubmitConfig config, Counters counters, List<Wake> flushers) {
        this.config = config;
        this.counters = counters;
        this.singles = new Inbox<>(config.queueRows(), config.queueBytes(), flushers);
        this.groups = new Inbox<>(config.queueRows(), config.queueBytes(), flushers);
    }

    CompletableFuture<List<Inserted>> offer(List<Submission> jobs, boolean atomic) {
        if (jobs.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (jobs.size() > Limits.MAX_BATCH) {
            return CompletableFuture.failedFuture(new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, jobs.size() + " jobs in one call, at most " + Limits.MAX_BATCH));
        }
        Call call = new Call(List.copyOf(jobs), atomic, bytes(jobs), new CompletableFuture<>());
        Inbox<Call> inbox = atomic && jobs.size() > 1 ? groups : singles;
        if (inbox.offer(call)) {
            counters.submits.add(jobs.size());
            return call.answer();
        }
        counters.refusedFull.increment();
        return CompletableFuture.failedFuture(
                inbox.isClosed()
                        ? Trouble.shuttingDown()
                        : new PulseException(
                                ErrorCode.LIMIT_REACHED,
                                "more submissions arrive than the database takes: " + inbox.rows()
                                        + " jobs wait for their insert; send again in a moment"));
    }

    /** The calls of the next shared insert. */
    List<Call> takeSingles() {
        return singles.take(config.flushRows(), config.flushBytes());
    }

    /** The next atomic group, alone in its list. */
    List<Call> takeGroup() {
        return groups.take(1, 1);
    }

    boolean isEmpty() {
        return singles.rows() == 0 && groups.rows() == 0;
    }

    /** Tells those who wait still, when nobody will come for them any more. */
    void failAll() {
        for (Call call : singles.take(Integer.MAX_VALUE, Long.MAX_VALUE)) {
            call.answer().completeExceptionally(Trouble.shuttingDown());
        }
        for (Call call : groups.take(Integer.MAX_VALUE, Long.MAX_VALUE)) {
            call.answer().completeExceptionally(Trouble.shuttingDown());
        }
    }

    void close() {
        singles.close();
        groups.close();
    }

    private static long bytes(List<Submission> jobs) {
        long sum = 0;
        for (Submission job : jobs) {
            sum += job.payload().size();
        }
        return sum;
    }
}
