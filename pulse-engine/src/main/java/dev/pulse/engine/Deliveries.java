package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.LeaseToken;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection has brought to its worker, numbered in the order in which the worker reads it. A heartbeat says how
 * far the worker had read when it put together what it holds: what came later may still be on its way, and that it is not
 * named proves nothing (E4). Without this a worker with a short lease, slow at its start or on a busy machine, lost jobs
 * that it was just about to read. Any thread.
 */
public final class Deliveries {
    private final AtomicLong last = new AtomicLong();
    /** What the worker may still report on this connection, and the number of the message that brought it. */
    private final Map<LeaseToken, Long> outstanding = new ConcurrentHashMap<>();

    /** What the worker named when it connected: nothing has to bring that any more. */
    public void taken(Collection<LeaseToken> held) {
        held.forEach(token -> outstanding.put(token, 0L));
    }

    /**
     * The number of the next message, from 1. To be called before the message is sent, and in the order in which they are.
     */
    public long number(List<Assignment> jobs) {
        long number = last.incrementAndGet();
        jobs.forEach(job -> outstanding.put(job.token(), number));
        return number;
    }

    /** The report was answered. */
    public void ended(LeaseToken token) {
        outstanding.remove(token);
    }

    /** Whether nothing is left that the worker could report. */
    public boolean isEmpty() {
        return outstanding.isEmpty();
    }

    /**
     * What a heartbeat speaks for: what it names, and what its worker had not read yet.
     *
     * @param read the number of the last message that the worker had read when it put {@code held} together
     */
    public Set<LeaseToken> named(Set<LeaseToken> held, long read) {
        if (read >= last.get()) {
            return held;
        }
        Set<LeaseToken> all = new HashSet<>(held);
        outstanding.forEach((token, number) -> {
            if (number > read) {
                all.add(token);
            }
        });
        return all;
    }
}
