package dev.pulse.engine;

import dev.pulse.model.Bundle;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.PulseException;
import dev.pulse.store.BundleStore;
import dev.pulse.store.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Where callers wait for jobs, or for bundles, to become final. What ends through this server is told at once; for
 * the rest the store is asked now and then about all of them together. An agent; callers come in on any thread.
 */
final class WaitRoom<T> implements Agent {
    private record Waiter<T>(UUID id, long deadline, CompletableFuture<Optional<T>> answer) {}

    /**
     * What is waited for.
     *
     * @param plural for messages
     * @param finished which of these are final or gone
     * @param isFinal whether one that was found is
     */
    record Subject<T>(
            String name,
            String plural,
            UnaryOperator<Set<UUID>> finished,
            Function<UUID, Optional<T>> find,
            Predicate<T> isFinal) {
        static Subject<Job> jobs(JobStore store) {
            return new Subject<>(
                    "wait-room",
                    "jobs",
                    store::finished,
                    store::find,
                    job -> job.status().isFinal());
        }

        static Subject<Bundle> bundles(BundleStore store) {
            return new Subject<>(
                    "bundle-wait-room",
                    "bundles",
                    store::finished,
                    store::find,
                    bundle -> bundle.status().isFinal());
        }
    }

    private final Subject<T> subject;
    private final WaitConfig config;
    private final LongSupplier ticker;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, List<Waiter<T>>> waiting = new HashMap<>();
    private final Set<UUID> ended = new HashSet<>();
    private final Set<UUID> fresh = new HashSet<>();
    private final AtomicInteger waiters = new AtomicInteger();
    private boolean closed;
    private long askAt;

    WaitRoom(Subject<T> subject, WaitConfig config, LongSupplier ticker, Wake wake) {
        this.subject = subject;
        this.config = config;
        this.ticker = ticker;
        this.wake = wake;
        this.askAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return subject.name();
    }

    int waiters() {
        return waiters.get();
    }

    CompletableFuture<Optional<T>> await(UUID id, Duration timeout) {
        Duration bounded = timeout.compareTo(config.timeoutMax()) > 0 ? config.timeoutMax() : timeout;
        Waiter<T> waiter = new Waiter<>(id, ticker.getAsLong() + bounded.toNanos(), new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(Trouble.shuttingDown());
            }
            if (waiters.get() >= config.waitersMax()) {
                return CompletableFuture.failedFuture(new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        waiters.get() + " calls wait for " + subject.plural() + " already; ask again in a moment"));
            }
            waiting.computeIfAbsent(id, key -> new ArrayList<>(1)).add(waiter);
            fresh.add(id);
            waiters.incrementAndGet();
        } finally {
            lock.unlock();
        }
        wake.signal();
        return waiter.answer();
    }

    /** The job became final, or is gone. */
    void ended(UUID id) {
        if (waiters.get() == 0) {
            return; // whoever comes later asks the store first
        }
        boolean awaited;
        lock.lock();
        try {
            awaited = waiting.containsKey(id) && ended.add(id);
        } finally {
            lock.unlock();
        }
        if (awaited) {
            wake.signal();
        }
    }

    @Override
    public int step() {
        if (waiters.get() == 0) {
            return 0;
        }
        int done = 0;
        try {
            askStore();
            done = answerEnded();
        } finally {
            done += answerExpired(); // also while the store is in trouble: nobody waits longer than asked for
        }
        return done;
    }

    @Override
    public long patience(int done) {
        return waiters.get() == 0 ? Duration.ofSeconds(1).toNanos() : Math.max(0, askAt - ticker.getAsLong());
    }

    /** Fails those who wait still. */
    void close() {
        List<Waiter<T>> left;
        lock.lock();
        try {
            closed = true;
            left = waiting.values().stream().flatMap(List::stream).toList();
            waiting.clear();
            waiters.set(0);
        } finally {
            lock.unlock();
        }
        left.forEach(waiter -> waiter.answer().completeExceptionally(Trouble.shuttingDown()));
    }

    private void askStore() {
        for (Set<UUID> some : questions()) {
            Set<UUID> found = subject.finished().apply(some);
            lock.lock();
            try {
                ended.addAll(found);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The new ones at once, all of them when it is time. */
    private List<Set<UUID>> questions() {
        long now = ticker.getAsLong();
        lock.lock();
        try {
            Set<UUID> asked = new HashSet<>(fresh);
            fresh.clear();
            if (now - askAt >= 0) {
                asked.addAll(waiting.keySet());
                askAt = now + config.every().toNanos();
            }
            asked.removeAll(ended);
            return chunks(asked);
        } finally {
            lock.unlock();
        }
    }

    private List<Set<UUID>> chunks(Set<UUID> ids) {
        List<Set<UUID>> chunks = new ArrayList<>();
        Set<UUID> chunk = new HashSet<>();
        for (UUID id : ids) {
            chunk.add(id);
            if (chunk.size() == config.idsMax()) {
                chunks.add(chunk);
                chunk = new HashSet<>();
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private int answerEnded() {
        List<UUID> done;
        lock.lock();
        try {
            done = List.copyOf(ended);
        } finally {
            lock.unlock();
        }
        for (UUID id : done) {
            Optional<T> found = subject.find().apply(id);
            boolean over = found.isEmpty() || subject.isFinal().test(found.get());
            List<Waiter<T>> answered = leave(id, over);
            answered.forEach(waiter -> waiter.answer().complete(found));
        }
        return done.size();
    }

    /** A job that was requeued meanwhile keeps its waiters. */
    private List<Waiter<T>> leave(UUID id, boolean over) {
        lock.lock();
        try {
            ended.remove(id);
            List<Waiter<T>> left = over ? waiting.remove(id) : null;
            if (left == null) {
                return List.of();
            }
            waiters.addAndGet(-left.size());
            return left;
        } finally {
            lock.unlock();
        }
    }

    private int answerExpired() {
        List<Waiter<T>> expired = takeExpired();
        RuntimeException trouble = null;
        for (Waiter<T> waiter : expired) {
            try {
                waiter.answer().complete(subject.find().apply(waiter.id()));
            } catch (RuntimeException e) {
                trouble = e;
                waiter.answer().completeExceptionally(Trouble.told(e));
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        return expired.size();
    }

    private List<Waiter<T>> takeExpired() {
        long now = ticker.getAsLong();
        List<Waiter<T>> expired = new ArrayList<>();
        lock.lock();
        try {
            waiting.values().removeIf(list -> {
                list.removeIf(waiter -> {
                    boolean over = waiter.answer().isDone() || now - waiter.deadline() >= 0;
                    if (over) {
                        expired.add(waiter);
                    }
                    return over;
                });
                return list.isEmpty();
            });
            waiters.addAndGet(-expired.size());
        } finally {
            lock.unlock();
        }
        expired.removeIf(waiter -> waiter.answer().isDone());
        return expired;
    }
}
