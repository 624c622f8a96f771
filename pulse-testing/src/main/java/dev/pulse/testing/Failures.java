package dev.pulse.testing;

import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.WorkerListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What handlers threw, until somebody takes it. Any thread. */
final class Failures implements WorkerListener {
    private record Thrown(String job, Throwable failure) {}

    private final Queue<Thrown> thrown = new ConcurrentLinkedQueue<>();

    @Override
    public void threw(JobContext job, Throwable failure) {
        thrown.add(new Thrown(job.type() + " " + job.id(), failure));
    }

    /** What came in since the last call, ready to be thrown. */
    List<Throwable> take() {
        List<Throwable> taken = new ArrayList<>();
        for (Thrown next = thrown.poll(); next != null; next = thrown.poll()) {
            taken.add(
                    next.failure() instanceof RuntimeException || next.failure() instanceof Error
                            ? next.failure()
                            : new HandlerFailedException(next.job(), next.failure()));
        }
        return taken;
    }

    /** Throws the first, with the others suppressed. */
    static void rethrow(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.getFirst();
        failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) first;
    }
}
