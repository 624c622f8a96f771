package dev.pulse.sdk;

import dev.pulse.model.Assignment;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt from its assignment to the answer to its report. Fields belong to the worker's lock; only the stop reason is
 * read by the handler's thread without it.
 */
final class RunningAttempt {
    /** A span that no worker lives through; far enough from the end of a long that moments with it can be compared. */
    static final long FOREVER = Long.MAX_VALUE / 4;

    private final Assignment assignment;
    private final HeldSession session;
    private final JobContext context = new JobContext(this);
    private final AttemptNotes notes = new AttemptNotes();
    private final long startedAt;

    private volatile @Nullable StopReason stopReason;
    /** The handler's, once it has begun. */
    private volatile @Nullable Thread thread;

    private @Nullable Outcome settled;
    private @Nullable Throwable thrown;
    private volatile @Nullable Elsewhere elsewhere;
    private boolean handlerDone;
    private long stoppedAt;
    private long reportAgainAt;
    private int reports;

    RunningAttempt(Assignment assignment, HeldSession session, long now) {
        this.assignment = assignment;
        this.session = session;
        this.startedAt = now;
    }

    Assignment assignment() {
        return assignment;
    }

    LeaseToken token() {
        return assignment.token();
    }

    JobContext context() {
        return context;
    }

    HeldSession session() {
        return session;
    }

    @Nullable
    StopReason stopReason() {
        return stopReason;
    }

    Duration leaseRemaining() {
        return session.leaseRemaining();
    }

    void progress(int percent, @Nullable String text) {
        if (!notes.isClosed() && notes.progress(percent, text)) {
            session.noteSoon();
        }
    }

    void log(LogLevel level, String message) {
        if (!notes.isClosed() && notes.log(level, message, session.now())) {
            session.noteSoon();
        }
    }

    /** What is new since the last note, or null. */
    @Nullable
    Note note(long now) {
        return notes.take(assignment.facts().id(), token(), now);
    }

    /** On the handler's thread, before it looks at the stop reason: either it sees one, or the stop sees the thread. */
    void begunOn(Thread handlerThread) {
        thread = handlerThread;
    }

    /** The handler's thread only, before it ends. */
    void threw(Throwable failure) {
        thrown = failure;
    }

    @Nullable
    Throwable thrown() {
        return thrown;
    }

    void handlerDone() {
        handlerDone = true;
    }

    boolean isHandlerDone() {
        return handlerDone;
    }

    /** Tells the handler to stop, once; a lost lease outweighs every other reason. */
    void stop(StopReason reason, long now) {
        boolean first = stopReason == null;
        if (handlerDone || !first && reason != StopReason.LEASE_LOST) {
            return;
        }
        stopReason = reason;
        stoppedAt = now;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * Whether the handler waits in System.exit for the hooks that end this process, and so for its own worker. Handed back
     * unharmed, its job would end the next worker, too.
     */
    boolean isExiting() {
        Thread running = thread;
        if (running == null) {
            return false;
        }
        for (StackTraceElement frame : running.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit")) {
                return true;
            }
        }
        return false;
    }

    boolean isLost() {
        return stopReason == StopReason.LEASE_LOST;
    }

    @Nullable
    Outcome settled() {
        return settled;
    }

    /** The first outcome counts; a handler that ends later is told that it was late. */
    void settle(Outcome outcome) {
        notes.close();
        settled = outcome;
    }

    int reported(long againAt) {
        reportAgainAt = againAt;
        return reports++;
    }

    int reports() {
        return reports;
    }

    boolean isReportDue(long now) {
        return settled != null && now - reportAgainAt >= 0;
    }

    boolean isTimeoutDue(long now) {
        return settled == null && stopReason == null && now - timeoutAt() >= 0;
    }

    /** Whether the handler was told to stop, did not, and has had its grace. */
    boolean isStuck(long now, Duration grace) {
        return settled == null && stopReason != null && now - (stoppedAt + grace.toNanos()) >= 0;
    }

    /**
     * The attempt was ended in a transaction of the handler's own.
     *
     * @param outcome what counts where the transaction commits
     */
    record Elsewhere(Outcome outcome, CompletableFuture<TransactionEnd> end) {}

    /** The latest such transaction, or null; an earlier one rolled back, or this one could not have been. */
    @Nullable
    Elsewhere elsewhere() {
        return elsewhere;
    }

    void endsElsewhere(Outcome outcome, CompletableFuture<TransactionEnd> end) {
        elsewhere = new Elsewhere(outcome, end);
    }

    /** The next moment at which time alone changes something. */
    long dueAt(Duration grace) {
        if (settled != null) {
            return reportAgainAt;
        }
        return stopReason == null ? timeoutAt() : stoppedAt + grace.toNanos();
    }

    private long timeoutAt() {
        Duration timeout = assignment.facts().policy().timeout();
        return startedAt + (timeout == null ? FOREVER : Math.min(timeout.toNanos(), FOREVER));
    }
}
