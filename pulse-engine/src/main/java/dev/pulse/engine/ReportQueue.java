package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stop 8 of the path: where reports wait for the ending statement under way to end. Any thread; bounded (I8). */
final class ReportQueue {
    /** One call. */
    record Call(List<Report> reports, long bytes, CompletableFuture<List<Ended>> answer) implements Inbox.Entry {
        @Override
        public int rows() {
            return reports.size();
        }
    }

    private final ReportConfig config;
    private final Inbox<Call> calls;

    ReportQueue(ReportConfig config, List<Wake> flushers) {
        this.config = config;
        this.calls = new Inbox<>(config.queueMax(), config.queueBytes(), flushers);
    }

    CompletableFuture<List<Ended>> offer(List<Report> reports) {
        if (reports.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (reports.size() > config.callMax()) {
            return CompletableFuture.failedFuture(new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, reports.size() + " reports in one call, at most " + config.callMax()));
        }
        Call call = new Call(List.copyOf(reports), bytes(reports), new CompletableFuture<>());
        if (calls.offer(call)) {
            return call.answer();
        }
        return CompletableFuture.failedFuture(
                calls.isClosed()
                        ? Trouble.shuttingDown()
                        : new PulseException(
                                ErrorCode.LIMIT_REACHED,
                                calls.rows() + " reports wait already; report again in a moment, the lease holds"));
    }

    List<Call> take() {
        return calls.take(config.flushMax(), config.flushBytes());
    }

    boolean isEmpty() {
        return calls.rows() == 0;
    }

    /** Tells those who wait still, when nobody will come for them any more. */
    void failAll() {
        for (Call call : calls.take(Integer.MAX_VALUE, Long.MAX_VALUE)) {
            call.answer().completeExceptionally(Trouble.shuttingDown());
        }
    }

    void close() {
        calls.close();
    }

    private static long bytes(List<Report> reports) {
        long sum = 0;
        for (Report report : reports) {
            if (report.outcome() instanceof Outcome.Ack ack && ack.result() != null) {
                sum += ack.result().size();
            }
        }
        return sum;
    }
}
