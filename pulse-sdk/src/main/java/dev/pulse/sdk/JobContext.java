package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFacts;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a handler may know about the attempt that it works on. Thread-safe. */
public final class JobContext {
    private static final ThreadLocal<@Nullable JobContext> CURRENT = new ThreadLocal<>();

    private final RunningAttempt running;

    JobContext(RunningAttempt running) {
        this.running = running;
    }

    public UUID id() {
        return facts().id();
    }

    public String type() {
        return facts().type();
    }

    public String queue() {
        return facts().queue();
    }

    /** From 1; never used twice. */
    public int attempt() {
        return running.assignment().attempt();
    }

    public Map<String, String> headers() {
        return facts().labels().headers();
    }

    public Map<String, String> tags() {
        return facts().labels().tags();
    }

    /** Everything that was submitted. */
    public JobFacts facts() {
        return running.assignment().facts();
    }

    /** The schedule that made the job, where one did. */
    public Optional<UUID> scheduleId() {
        return Optional.ofNullable(facts().scheduleId());
    }

    /** The instant that the job was planned for, where a schedule made it; for one run by hand, the moment of that. */
    public Optional<Instant> occurrence() {
        return Optional.ofNullable(facts().occurrence()).map(Instant::parse);
    }

    /** How long the worker may still be sure that nobody else runs the job; heartbeats prolong it. Never negative. */
    public Duration leaseRemaining() {
        return running.leaseRemaining();
    }

    /**
     * Says how far the work has come; shown as the job's {@code progress} while this attempt is its last. Cheap: sent once a
     * second at most, and only the last one.
     *
     * @throws IllegalArgumentException unless 0 to 100
     */
    public void progress(int percent) {
        progress(percent, null);
    }

    /** The same with a few words for a person, cut to {@value Note#MAX_TEXT} characters. */
    public void progress(int percent, @Nullable String text) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress: 0 to 100 percent are allowed, got " + percent);
        }
        running.progress(percent, text);
    }

    /** Writes a line to the job's log, at level INFO. */
    public void log(String message) {
        log(LogLevel.INFO, message);
    }

    /**
     * Writes a line to the job's log. The first {@value Note#MAX_LINES} lines of an attempt are kept, of
     * {@value Note#MAX_MESSAGE} characters each, and 200 of a second; the others are counted. Never blocks, never fails;
     * after the attempt's end it does nothing.
     */
    public void log(LogLevel level, String message) {
        running.log(level, message);
    }

    /** The job that the current thread works on, if any: for libraries that have no other way to it. */
    public static Optional<JobContext> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * The task with this job as the {@link #current} one while it runs, for handlers that use other threads. Threads do not
     * inherit it by themselves: those of a pool would keep the job that they were made in.
     */
    public Runnable carry(Runnable task) {
        return () -> {
            JobContext before = enter(this);
            try {
                task.run();
            } finally {
                enter(before);
            }
        };
    }

    /** Makes the job the current one, and returns the one before. */
    static @Nullable JobContext enter(@Nullable JobContext job) {
        JobContext before = CURRENT.get();
        if (job == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(job);
        }
        return before;
    }

    /** Ends the attempt in a transaction of the handler's own, by whatever sends the report there. */
    void endIn(Function<AttemptReport, CompletableFuture<TransactionEnd>> sender, Outcome outcome) {
        if (running.isLost()) {
            throw new PulseException(
                    ErrorCode.LEASE_LOST, "the lease of job " + id() + " was lost in attempt " + attempt());
        }
        running.endsElsewhere(outcome, sender.apply(new AttemptReport(id(), running.token(), outcome)));
    }

    /** Whether the handler should stop, for whatever reason; it is interrupted then, too. */
    public boolean isCanceled() {
        return running.stopReason() != null;
    }

    /** Why the handler should stop, or null while it should not. */
    public @Nullable StopReason stopReason() {
        return running.stopReason();
    }

    /** For a handler at a point where it can stop: throws when it should. */
    public void checkCanceled() throws InterruptedException {
        StopReason reason = running.stopReason();
        if (reason != null) {
            throw new InterruptedException("asked to stop: " + reason);
        }
    }
}
