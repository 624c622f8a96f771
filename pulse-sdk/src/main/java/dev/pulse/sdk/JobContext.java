package dev.pulse.sdk;

import dev.pulse.model.JobFacts;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a handler may know about the attempt that it works on. Thread-safe. */
public final class JobContext {
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

    /** How long the worker may still be sure that nobody else runs the job; heartbeats prolong it. Never negative. */
    public Duration leaseRemaining() {
        return running.leaseRemaining();
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
