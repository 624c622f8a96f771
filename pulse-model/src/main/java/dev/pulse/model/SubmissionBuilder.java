package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects a submission from any door and refuses it with <em>all</em> its faults at once. What is left out gets the
 * contract's default. Not thread-safe; one builder a job.
 */
public final class SubmissionBuilder {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final Limits limits;
    private final List<Violation> violations = new ArrayList<>();
    private final List<Violation> oversize = new ArrayList<>();
    private @Nullable UUID id;
    private @Nullable String type;
    private String queue = Submission.DEFAULT_QUEUE;
    private int priority;
    private Payload payload = Payload.EMPTY;
    private @Nullable Instant runAt;
    private @Nullable Duration delay;
    private int maxAttempts = Policy.DEFAULT.maxAttempts();
    private Backoff backoff = Backoff.DEFAULT;
    private @Nullable Duration timeout;
    private @Nullable String key;
    private @Nullable Duration keyTtl;
    private Map<String, String> headers = Map.of();
    private Map<String, String> tags = Map.of();
    private @Nullable String origin;

    public SubmissionBuilder(Limits limits) {
        this.limits = limits;
    }

    /**
     * Starts from another submission, without its id, time and key.
     *
     * @param without fields, by their names at the doors, that are left at their defaults
     */
    public SubmissionBuilder like(Submission other, Set<String> without) {
        like("type", without, other.type(), this::type);
        like("queue", without, other.queue(), this::queue);
        like("priority", without, other.priority(), this::priority);
        like("payload", without, other.payload(), this::payload);
        like("max_attempts", without, other.policy().maxAttempts(), this::maxAttempts);
        like("backoff", without, other.policy().backoff(), this::backoff);
        like("timeout", without, other.policy().timeout(), this::timeout);
        like("headers", without, other.labels().headers(), this::headers);
        like("tags", without, other.labels().tags(), this::tags);
        like("origin", without, other.labels().origin(), this::origin);
        return this;
    }

    private static <T> void like(String field, Set<String> without, @Nullable T value, Consumer<T> set) {
        if (value != null && !without.contains(field)) {
            set.accept(value);
        }
    }

    public SubmissionBuilder id(UUID value) {
        id = value;
        if (!Ids.isUsable(value)) {
            violation("id", Ids.fault(value.toString()));
        }
        return this;
    }

    /** The id as a door read it. */
    public SubmissionBuilder id(String value) {
        Ids.parse(value).ifPresentOrElse(this::id, () -> violation("id", Ids.fault(value)));
        return this;
    }

    public SubmissionBuilder type(String value) {
        type = value;
        checkName("type", value);
        return this;
    }

    public SubmissionBuilder queue(String value) {
        queue = value;
        checkName("queue", value);
        return this;
    }

    public SubmissionBuilder priority(int value) {
        priority = value;
        return this;
    }

    public SubmissionBuilder payload(Payload value) {
        payload = value;
        if (value.size() > limits.payloadBytes()) {
            oversize.add(new Violation("payload", value.size() + " bytes, at most " + limits.payloadBytes()));
        }
        if (value.contentType().isBlank()
                || value.contentType().length() > Limits.MAX_CONTENT_TYPE
                || !value.contentType().chars().allMatch(c -> c >= ' ' && c <= '~')) {
            violation("content_type", "1 to " + Limits.MAX_CONTENT_TYPE + " printable ASCII characters");
        }
        return this;
    }

    /** Not before this instant, 1970 to 9999; the past means now. */
    public SubmissionBuilder runAt(Instant value) {
        runAt = value;
        if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
            violation("run_at", "years 1970 to 9999 are allowed, got " + value);
        }
        return this;
    }

    /** Not before this long after the job is stored; zero means now. */
    public SubmissionBuilder delay(Duration value) {
        delay = value;
        if (value.isNegative() || value.compareTo(Durations.MAX) > 0) {
            violation("delay", Durations.RANGE + ", got " + value);
        }
        return this;
    }

    public SubmissionBuilder maxAttempts(int value) {
        maxAttempts = value;
        if (value < Policy.MIN_ATTEMPTS || value > Policy.MAX_ATTEMPTS) {
            violation(
                    "max_attempts", Policy.MIN_ATTEMPTS + " to " + Policy.MAX_ATTEMPTS + " are allowed, got " + value);
        }
        return this;
    }

    public SubmissionBuilder backoff(Backoff value) {
        backoff = value;
        return this;
    }

    public SubmissionBuilder timeout(Duration value) {
        timeout = value;
        if (!value.isPositive() || value.compareTo(Durations.MAX) > 0) {
            violation("timeout", "above 0s and at most " + Durations.MAX.toDays() + "d, got " + value);
        }
        return this;
    }

    public SubmissionBuilder key(String value) {
        key = value;
        int length = value.codePointCount(0, value.length());
        if (length < 1 || length > Limits.MAX_KEY || !Text.isVisible(value)) {
            violation("key", "1 to " + Limits.MAX_KEY + " visible characters are allowed, got " + Text.shown(value));
        }
        return this;
    }

    /** How long the key lives from submission; only with {@link #key}. */
    public SubmissionBuilder keyTtl(Duration value) {
        keyTtl = value;
        if (!value.isPositive() || value.compareTo(Durations.MAX) > 0) {
            violation("key_ttl", "above 0s and at most " + Durations.MAX.toDays() + "d, got " + value);
        }
        return this;
    }

    public SubmissionBuilder headers(Map<String, String> value) {
        headers = value;
        checkLabels("headers", value);
        return this;
    }

    public SubmissionBuilder tags(Map<String, String> value) {
        tags = value;
        checkLabels("tags", value);
        return this;
    }

    public SubmissionBuilder origin(String value) {
        origin = value;
        int length = value.codePointCount(0, value.length());
        if (length < 1 || length > Limits.MAX_ORIGIN || !Text.isStorable(value)) {
            violation("origin", "1 to " + Limits.MAX_ORIGIN + " characters are allowed, got " + Text.shown(value));
        }
        return this;
    }

    /** A fault that the door itself found while reading the field. */
    public SubmissionBuilder violation(String field, String message) {
        violations.add(new Violation(field, message));
        return this;
    }

    /**
     * The submission.
     *
     * @param ids gives the id where the caller sent none
     * @throws PulseException naming every fault
     */
    public Submission build(IdSource ids) {
        if (type == null && violations.stream().noneMatch(v -> v.field().equals("type"))) {
            violation("type", "is required");
        }
        if (runAt != null && delay != null) {
            violation("delay", "give run_at or delay, not both");
        }
        if (keyTtl != null && key == null) {
            violation("key_ttl", "needs a key");
        }
        if (!violations.isEmpty() || type == null) {
            violations.addAll(oversize);
            throw PulseException.invalid(violations);
        }
        if (!oversize.isEmpty()) {
            throw PulseException.of(ErrorCode.PAYLOAD_TOO_LARGE, oversize);
        }
        return new Submission(
                id == null ? ids.next() : id,
                type,
                queue,
                priority,
                payload,
                when(),
                new Policy(maxAttempts, backoff, timeout),
                key == null ? null : new JobKey(key, keyTtl),
                new Labels(headers, tags, origin));
    }

    private When when() {
        if (runAt != null) {
            return new When.At(runAt);
        }
        return delay == null || delay.isZero() ? When.NOW : new When.After(delay);
    }

    private void checkName(String field, String value) {
        if (!Limits.NAME.matcher(value).matches()) {
            violation(field, Text.nameFault(value));
        }
    }

    private void checkLabels(String field, Map<String, String> labels) {
        if (labels.size() > Limits.MAX_LABELS) {
            violation(field, labels.size() + " entries, at most " + Limits.MAX_LABELS);
            return;
        }
        labels.forEach((name, value) -> {
            if (!Limits.NAME.matcher(name).matches()) {
                violation(field, "name " + Text.shown(name) + ": " + Text.nameFault(name));
            } else if (name.startsWith("pulse.")) {
                violation(field, "name " + Text.shown(name) + ": the prefix pulse. is reserved");
            } else if (value.length() > Limits.MAX_LABEL_VALUE) {
                violation(field, name + ": " + value.length() + " characters, at most " + Limits.MAX_LABEL_VALUE);
            } else if (!Text.isStorable(value)) {
                violation(field, name + ": U+0000 and lone surrogates are not allowed");
            }
        });
    }
}
