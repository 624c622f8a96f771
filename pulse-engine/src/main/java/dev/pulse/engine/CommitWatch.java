package dev.pulse.engine;

import dev.pulse.model.JobStatus;
import dev.pulse.store.Ended;
import dev.pulse.store.Fate;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Stop 4 of the path for work done inside transactions of callers: no statement of ours sees their commit, so the store is
 * asked what became of them, many in one statement, soon at first and then less and less often; once one has committed its
 * lanes are signalled as after any other insert, with their lowest places, because a late commit may lie below the bound of
 * a claimer that has gone on meanwhile (E11).
 *
 * <p>Any thread registers, the agent's thread asks. Bounded (I8): what finds no room, and what stays open for too long, is
 * left to the claimers' poll, which costs time and no job. Attempts that were ended in a transaction are always taken in,
 * because somebody waits for the answer; they are never more than a worker has slots.
 */
final class CommitWatch implements Agent {
    private static final long NOTHING_TO_ASK = Duration.ofSeconds(1).toNanos();
    /** A transaction is asked about again after this part of its age. */
    private static final int AGE_PART = 8;

    /** What one transaction carries. Belongs to the lock until it is taken out. */
    private static final class Watched {
        final long transaction;
        final long since;
        long askAt;
        final Map<Integer, Long> lowest = new HashMap<>();
        final List<Long> dueAt = new ArrayList<>();
        final List<Ended> ended = new ArrayList<>();
        final List<CompletableFuture<Fate>> waiting = new ArrayList<>();

        Watched(long transaction, long now, long askAt) {
            this.transaction = transaction;
            this.since = now;
            this.askAt = askAt;
        }
    }

    private final CallerTransactions store;
    private final LaneSignals signals;
    private final DueTimer timer;
    private final Aftermath aftermath;
    private final LongSupplier ticker;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Watched> open = new HashMap<>();
    private final PriorityQueue<Watched> queue;
    private boolean closed;

    private final LongAdder taken = new LongAdder();
    private final LongAdder overflowed = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final LongAdder asks = new LongAdder();
    private final LongAdder committed = new LongAdder();
    private final LongAdder rolledBack = new LongAdder();

    CommitWatch(
            CallerTransactions store,
            LaneSignals signals,
            DueTimer timer,
            Aftermath aftermath,
            LongSupplier ticker,
            Wake wake) {
        this.store = store;
        this.signals = signals;
        this.timer = timer;
        this.aftermath = aftermath;
        this.ticker = ticker;
        this.wake = wake;
        long origin = ticker.getAsLong();
        this.queue = new PriorityQueue<>(Comparator.comparingLong(watched -> watched.askAt - origin));
    }

    @Override
    public String name() {
        return "commit-watch";
    }

    @Override
    public long rest() {
        return isEmpty() ? 0 : store.config().askMin().toNanos();
    }

    @Override
    public long patience(int done) {
        lock.lock();
        try {
            Watched next = queue.peek();
            return next == null ? NOTHING_TO_ASK : Math.max(0, next.askAt - ticker.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** Jobs were stored in a transaction that has not ended. */
    void stored(long transaction, List<Inserted> answers) {
        long now = ticker.getAsLong();
        lock.lock();
        try {
            boolean full = open.size() >= store.config().transactionsMax();
            if (closed || (full && !open.containsKey(transaction))) {
                overflowed.increment();
                return;
            }
            Watched watched = watched(transaction, now);
            for (Inserted answer : answers) {
                if (answer instanceof Inserted.Stored stored) {
                    if (stored.status() == JobStatus.PENDING) {
                        watched.lowest.merge(stored.lane(), stored.seq(), Math::min);
                    } else if (stored.dueIn() != null) {
                        watched.dueAt.add(now + stored.dueIn().toNanos());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Attempts were ended in a transaction that has not ended; completes with what becomes of it, never exceptionally. */
    CompletableFuture<Fate> ended(long transaction, List<Ended> ended) {
        CompletableFuture<Fate> fate = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                fate.complete(Fate.UNKNOWN);
                return fate;
            }
            Watched watched = watched(transaction, ticker.getAsLong());
            watched.ended.addAll(ended);
            watched.waiting.add(fate);
            return fate;
        } finally {
            lock.unlock();
        }
    }

    private Watched watched(long transaction, long now) {
        Watched known = open.get(transaction);
        if (known != null) {
            return known;
        }
        Watched fresh =
                new Watched(transaction, now, now + store.config().askMin().toNanos());
        open.put(transaction, fresh);
        queue.add(fresh);
        taken.increment();
        if (queue.peek() == fresh) {
            wake.signal();
        }
        return fresh;
    }

    /** Asks about the transactions whose time has come, and follows those that ended. */
    @Override
    public int step() {
        List<Watched> due = takeDue();
        if (due.isEmpty()) {
            return 0;
        }
        Map<Long, Fate> fates;
        try {
            asks.increment();
            fates = store.fates()
                    .apply(due.stream().map(watched -> watched.transaction).collect(Collectors.toSet()));
        } catch (RuntimeException e) {
            askLater(due, store.config().askMax());
            throw e;
        }
        List<Watched> undecided = new ArrayList<>();
        for (Watched watched : due) {
            Fate fate = fates.getOrDefault(watched.transaction, Fate.UNKNOWN);
            if (fate == Fate.OPEN) {
                undecided.add(watched);
            } else {
                decided(watched, fate);
            }
        }
        askAgain(undecided);
        return due.size();
    }

    private List<Watched> takeDue() {
        long now = ticker.getAsLong();
        List<Watched> due = new ArrayList<>();
        lock.lock();
        try {
            while (due.size() < store.config().batchMax() && !queue.isEmpty() && queue.peek().askAt - now <= 0) {
                due.add(queue.remove());
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void askLater(List<Watched> due, Duration wait) {
        long at = ticker.getAsLong() + wait.toNanos();
        lock.lock();
        try {
            for (Watched watched : due) {
                watched.askAt = at;
                queue.add(watched);
            }
        } finally {
            lock.unlock();
        }
    }

    private void askAgain(List<Watched> undecided) {
        CommitConfig config = store.config();
        long now = ticker.getAsLong();
        lock.lock();
        try {
            for (Watched watched : undecided) {
                long age = now - watched.since;
                if (watched.waiting.isEmpty() && age >= config.giveUpAfter().toNanos()) {
                    open.remove(watched.transaction);
                    gaveUp.increment();
                    continue;
                }
                long wait = Math.clamp(
                        age / AGE_PART,
                        config.askMin().toNanos(),
                        config.askMax().toNanos());
                watched.askAt = now + wait;
                queue.add(watched);
            }
        } finally {
            lock.unlock();
        }
    }

    private void decided(Watched watched, Fate fate) {
        lock.lock();
        try {
            open.remove(watched.transaction); // from here on nobody adds to it
        } finally {
            lock.unlock();
        }
        if (fate == Fate.ROLLED_BACK) {
            rolledBack.increment();
        } else {
            committed.increment();
            follow(watched);
        }
        watched.waiting.forEach(waiting -> waiting.complete(fate));
    }

    /** As after an insert, or an end, that committed here. One whose fate nobody knows is signalled too: at worst in vain. */
    private void follow(Watched watched) {
        signals.ready(watched.lowest);
        long now = ticker.getAsLong();
        watched.dueAt.forEach(at -> timer.dueIn(Duration.ofNanos(Math.max(0, at - now))));
        aftermath.of(watched.ended);
    }

    private boolean isEmpty() {
        lock.lock();
        try {
            return queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody asks any more: those who wait are told that it is not known. */
    void close() {
        List<CompletableFuture<Fate>> waiting = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            open.values().forEach(watched -> waiting.addAll(watched.waiting));
            open.clear();
            queue.clear();
        } finally {
            lock.unlock();
        }
        waiting.forEach(future -> future.complete(Fate.UNKNOWN));
    }

    CommitStats stats() {
        return new CommitStats(
                taken.sum(), overflowed.sum(), gaveUp.sum(), asks.sum(), committed.sum(), rolledBack.sum());
    }

    /** The transactions that are watched now. */
    Set<Long> transactions() {
        lock.lock();
        try {
            return Set.copyOf(open.keySet());
        } finally {
            lock.unlock();
        }
    }
}
