package dev.pulse.sdk;

import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Everything about a job but its type and payload; what is left out gets the default. Those of a schedule are for each job
 * that it makes, and so have no id, time or key. Not thread-safe.
 */
public final class EnqueueOptions {
    private final SubmissionBuilder builder;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final boolean scheduled;
    private boolean repeatable;

    EnqueueOptions(SubmissionBuilder builder) {
        this(builder, false);
    }

    /**
     * Options of one job, or of all that a schedule makes.
     *
     * @param scheduled whether a schedule makes the jobs: what it submits is compared at each start with what is stored
     */
    EnqueueOptions(SubmissionBuilder builder, boolean scheduled) {
        this.builder = builder;
        this.scheduled = scheduled;
        this.repeatable = scheduled;
    }

    private void notOfASchedule(String field, String instead) {
        if (scheduled) {
            builder.violation(field, "a schedule's jobs have none of their own: " + instead);
        }
    }

    /** The caller's own id: sending the same id and content again gives the same job. */
    public EnqueueOptions id(UUID id) {
        notOfASchedule("id", "each gets one when it is made");
        builder.id(id);
        repeatable = true;
        return this;
    }

    public EnqueueOptions queue(String queue) {
        builder.queue(queue);
        return this;
    }

    /** Higher first. */
    public EnqueueOptions priority(int priority) {
        builder.priority(priority);
        return this;
    }

    /** Not before this long from now, by the database clock. */
    public EnqueueOptions delay(Duration delay) {
        notOfASchedule("delay", "the schedule says when they run; Schedule.after(…) is once, later");
        builder.delay(delay);
        return this;
    }

    /** Not before this instant. */
    public EnqueueOptions runAt(Instant instant) {
        notOfASchedule("run_at", "the schedule says when they run; Schedule.at(…) is once, at an instant");
        builder.runAt(instant);
        return this;
    }

    public EnqueueOptions maxAttempts(int attempts) {
        builder.maxAttempts(attempts);
        return this;
    }

    public EnqueueOptions backoff(Backoff backoff) {
        builder.backoff(backoff);
        return this;
    }

    /** Longest run of one attempt. */
    public EnqueueOptions timeout(Duration timeout) {
        builder.timeout(timeout);
        return this;
    }

    /** At most one unfinished job of the type has this key. */
    public EnqueueOptions key(String key) {
        notOfASchedule("key", "an occurrence makes one job at most; overlap(…) keeps two from running at once");
        builder.key(key);
        repeatable = true;
        return this;
    }

    /** As {@link #key(String)}, but the key lives this long, whatever becomes of the job. */
    public EnqueueOptions key(String key, Duration ttl) {
        key(key);
        builder.keyTtl(ttl);
        return this;
    }

    /** Travels to the handler. */
    public EnqueueOptions header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** What lists can be filtered by. */
    public EnqueueOptions tag(String name, String value) {
        tags.put(name, value);
        return this;
    }

    /** Free text that names the submitter. */
    public EnqueueOptions origin(String origin) {
        builder.origin(origin);
        return this;
    }

    /** Headers of a trace: what the caller set stays, and a job that is full goes without. */
    void carry(Map<String, String> context) {
        if (headers.size() + context.size() < Limits.MAX_LABELS) {
            context.forEach(headers::putIfAbsent);
        }
    }

    <T> Submission build(JobType<T> type, T payload, Codecs codecs, IdSource ids) {
        Payload plain = codecs.forClass(type.payload()).encode(payload);
        int version = type.versions().current();
        if (version > 1) {
            headers.put(JobType.VERSION_HEADER, Integer.toString(version));
        }
        return builder.type(type.name())
                .payload(codecs.coded(plain, new PayloadUse(type.name(), PayloadUse.Part.PAYLOAD, repeatable)))
                .headers(headers)
                .tags(tags)
                .build(ids);
    }
}
