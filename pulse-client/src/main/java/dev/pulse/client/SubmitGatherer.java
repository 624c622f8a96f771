package dev.pulse.client;

import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends what concurrent callers submit in shared calls: what arrives while calls are under way goes with the next one. A
 * lone caller's job leaves at once, in a call of its own; nothing ever waits for company. Each caller hears of its own job
 * only, after the commit (I1): one refused job does not touch its neighbours. Any thread; what waits is bounded by the
 * callers, because each of them waits for its answer.
 *
 * <p>A call costs far more than a job: at 32 callers this is most of the difference between thousands and tens of thousands
 * of submits a second.
 */
final class SubmitGatherer {
    /** Most jobs in a call. */
    private static final int MAX_JOBS = 500;

    /** Most bytes in a call that several share, far below what any server takes. */
    private static final int MAX_BYTES = 256 << 10;

    private record Entry(Wire.Submission job, CompletableFuture<Wire.Submitted> answer) {}

    private final Calls calls;
    private final int mostUnderWay;
    private final Duration timeout;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private int underWay;

    SubmitGatherer(Calls calls, int mostUnderWay, Duration timeout) {
        this.calls = calls;
        this.mostUnderWay = mostUnderWay;
        this.timeout = timeout;
    }

    /**
     * Submits one job.
     *
     * @throws PulseException as the server refuses it, or the call failed
     */
    Wire.Submitted submit(Wire.Submission job) {
        Entry entry = new Entry(job, new CompletableFuture<>());
        send(add(entry));
        return calls.await(entry.answer, cause -> forget(entry));
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized List<Entry> add(Entry entry) {
        waiting.add(entry);
        return take();
    }

    /** What the next call carries; empty when enough calls are under way, or nothing waits. */
    private List<Entry> take() {
        if (underWay >= mostUnderWay || waiting.isEmpty()) {
            return List.of();
        }
        underWay++;
        List<Entry> batch = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && batch.size() < MAX_JOBS) {
            bytes += waiting.peek().job.getSerializedSize();
            if (bytes > MAX_BYTES && !batch.isEmpty()) {
                break;
            }
            batch.add(waiting.poll());
        }
        return batch;
    }

    private synchronized List<Entry> ended() {
        underWay--;
        return take();
    }

    private synchronized void forget(Entry entry) {
        waiting.remove(entry);
    }

    private void send(List<Entry> batch) {
        if (batch.size() == 1) {
            sendAlone(batch.getFirst());
        } else if (!batch.isEmpty()) {
            sendTogether(batch);
        }
    }

    private void sendAlone(Entry entry) {
        Wire.SubmitJobRequest request =
                Wire.SubmitJobRequest.newBuilder().setJob(entry.job).build();
        calls.start(PulseServiceGrpc.getSubmitJobMethod(), request, timeout).whenComplete((answer, failure) -> {
            send(ended());
            settle(entry, answer == null ? null : answer.getJob(), failure);
        });
    }

    private void sendTogether(List<Entry> batch) {
        Wire.SubmitJobsRequest.Builder request =
                Wire.SubmitJobsRequest.newBuilder().setAtomic(false);
        batch.forEach(entry -> request.addJobs(entry.job));
        calls.start(PulseServiceGrpc.getSubmitJobsMethod(), request.build(), timeout)
                .whenComplete((answer, failure) -> {
                    send(ended());
                    for (int i = 0; i < batch.size(); i++) {
                        settle(batch.get(i), answer == null ? null : answer.getItems(i), failure);
                    }
                });
    }

    private static void settle(Entry entry, Wire.@Nullable SubmitResult result, @Nullable Throwable failure) {
        if (result != null && result.hasRefusal()) {
            entry.answer.completeExceptionally(WireErrors.exception(result.getRefusal()));
        } else {
            settle(entry, result == null ? null : result.getJob(), failure);
        }
    }

    private static void settle(Entry entry, Wire.@Nullable Submitted job, @Nullable Throwable failure) {
        if (job != null) {
            entry.answer.complete(job);
        } else {
            entry.answer.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
        }
    }
}
