package dev.pulse.engine;

import dev.pulse.store.Held;
import dev.pulse.store.Report;
import dev.pulse.store.SessionStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Compares what this server remembers of its sessions with what the store holds, where that is in doubt: after a claim or a
 * report without an answer, after a take-up, and when a session closes. Once a second it also drops the sessions that fell
 * silent. An agent, so that no heartbeat waits for its slower questions.
 */
final class Reconciler implements Agent {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** A question is one pass over the running turns: a few in one round. */
    private static final int QUESTIONS_A_ROUND = 10;

    private static final class Closing {
        final SessionState session;
        final long deadline;
        final CompletableFuture<Void> answer = new CompletableFuture<>();
        CompletableFuture<Void> released = new CompletableFuture<>();
        boolean asked;

        Closing(SessionState session, long deadline) {
            this.session = session;
            this.deadline = deadline;
        }
    }

    private final SessionStore store;
    private final SessionRegistry registry;
    private final HandBack handBack;
    private final IntPredicate isSuspectLane;
    private final SessionConfig config;
    private final LongSupplier ticker;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Closing> arrivals = new ArrayDeque<>();
    private final List<Closing> closings = new ArrayList<>();
    private long roundAt;

    Reconciler(
            SessionStore store,
            SessionRegistry registry,
            HandBack handBack,
            IntPredicate isSuspectLane,
            SessionConfig config,
            LongSupplier ticker,
            Wake wake) {
        this.store = store;
        this.registry = registry;
        this.handBack = handBack;
        this.isSuspectLane = isSuspectLane;
        this.config = config;
        this.ticker = ticker;
        this.wake = wake;
        this.roundAt = ticker.getAsLong();
    }

    @Override
    public String name() {
        return "reconciler";
    }

    @Override
    public long patience(int done) {
        return Math.max(1, roundAt - ticker.getAsLong());
    }

    /** Any thread: hands back all that the session holds, then ends it. The session takes nothing more already. */
    CompletableFuture<Void> close(SessionState session) {
        Closing closing =
                new Closing(session, ticker.getAsLong() + config.closeWithin().toNanos());
        lock.lock();
        try {
            arrivals.add(closing);
        } finally {
            lock.unlock();
        }
        wake.signal();
        return closing.answer;
    }

    /** Tells those who wait still, when nobody will come for them any more: their sessions' leases will end. */
    void failAll() {
        lock.lock();
        try {
            closings.addAll(arrivals);
            arrivals.clear();
        } finally {
            lock.unlock();
        }
        closings.forEach(closing -> closing.answer.completeExceptionally(Trouble.shuttingDown()));
    }

    @Override
    public int step() {
        int done = close();
        long now = ticker.getAsLong();
        if (now - roundAt >= 0) {
            roundAt = now + EVERY.toNanos();
            done += relearn();
            dropSilent(now);
        }
        return done;
    }

    // ---- closing sessions ----

    private int close() {
        lock.lock();
        try {
            closings.addAll(arrivals);
            arrivals.clear();
        } finally {
            lock.unlock();
        }
        int done = 0;
        for (Closing closing : List.copyOf(closings)) {
            if (advance(closing)) {
                closings.remove(closing);
                done++;
            }
        }
        return done;
    }

    /** Whether the closing is over. */
    private boolean advance(Closing closing) {
        try {
            if (!closing.asked) {
                List<Report> releases = closing.session.releases(store.heldBy(closing.session.id));
                closing.asked = true;
                closing.released =
                        handBack.answered(closing.session, releases).whenComplete((nothing, trouble) -> wake.signal());
            }
            if (!closing.released.isDone()) {
                return false;
            }
            // What could not be handed back stays with the session and is swept when its lease ends.
            store.close(closing.session.id);
            closing.answer.complete(null);
            return true;
        } catch (RuntimeException e) {
            if (ticker.getAsLong() - closing.deadline >= 0) {
                closing.answer.completeExceptionally(Trouble.told(e));
                closings.remove(closing);
            }
            throw e;
        }
    }

    // ---- doubts ----

    private int relearn() {
        int asked = 0;
        for (SessionState session : registry.all()) {
            if (asked < QUESTIONS_A_ROUND && session.takeRelearn()) {
                asked++;
                learn(session);
            }
        }
        return asked;
    }

    private void learn(SessionState session) {
        long now = ticker.getAsLong();
        List<Held> held;
        try {
            held = store.heldBy(session.id);
        } catch (RuntimeException e) {
            session.relearn();
            throw e;
        }
        handBack.of(session, session.learn(held, now, isSuspectLane));
    }

    /** A session that we have not heard for its whole lease is over, or is served by another server now. */
    private void dropSilent(long now) {
        int asked = 0;
        for (SessionState session : registry.all()) {
            if (asked < QUESTIONS_A_ROUND && session.isSilent(now)) {
                asked++;
                if (store.find(session.id).isEmpty()) {
                    registry.ended(session, "its lease lapsed");
                } else if (!session.isConnected()) {
                    registry.forget(session);
                }
            }
        }
    }
}
