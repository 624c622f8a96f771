package dev.pulse.testing;

import dev.pulse.model.JobKey;
import dev.pulse.model.Submission;
import dev.pulse.model.When;
import dev.pulse.sdk.JobType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a test's code enqueued, whatever became of it since.
 *
 * @param payload as the handler sees it
 * @param submission everything that was submitted
 * @param ignored whether the test ignored it: then there is no such job
 */
public record EnqueuedJob<T>(JobType<T> type, T payload, Submission submission, boolean ignored) {
    public UUID id() {
        return submission.id();
    }

    public String queue() {
        return submission.queue();
    }

    public int priority() {
        return submission.priority();
    }

    /** The delay that was asked for; zero for none. */
    public Duration delay() {
        return submission.when() instanceof When.After(Duration delay) ? delay : Duration.ZERO;
    }

    /** The instant that was asked for, or null. */
    public @Nullable Instant runAt() {
        return submission.when() instanceof When.At(Instant at) ? at : null;
    }

    /** The idempotency key, or null. */
    public @Nullable String key() {
        JobKey key = submission.key();
        return key == null ? null : key.value();
    }

    public Map<String, String> headers() {
        return submission.labels().headers();
    }

    public Map<String, String> tags() {
        return submission.labels().tags();
    }

    /** One line for a failed assertion. */
    @Override
    public String toString() {
        return type.name() + " " + payload + (ignored ? " (ignored)" : "");
    }
}
