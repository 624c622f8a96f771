package dev.pulse.sdk;

import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Payload;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Everything about a job but its type and payload; what is left out gets the default. Not thread-safe. */
public final class EnqueueOptions {
    private final SubmissionBuilder builder;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private boolean repeatable;

    EnqueueOptions(SubmissionBuilder builder) {
        this.builder = builder;
    }

    /** The caller's own id: sending the same id and content again gives the same job. */
    public EnqueueOptions id(UUID id) {
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
        builder.delay(delay);
        return this;
    }

    /** Not before this instant. */
    public EnqueueOptions runAt(Instant instant) {
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
        builder.key(key);
        repeatable = true;
        return this;
    }

    /** As {@link #key(String)}, but the key lives this long, whatever becomes of the job. */
    public EnqueueOptions key(String key, Duration ttl) {
        builder.key(key).keyTtl(ttl);
        repeatable = true;
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
