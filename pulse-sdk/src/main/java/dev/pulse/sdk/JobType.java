package dev.pulse.sdk;

import dev.pulse.model.Backoff;
import dev.pulse.model.Durations;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.SubmissionBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The name that selects a handler, what its payload is in Java, and how its jobs are treated where the caller says nothing
 * else. Usually a constant that producer and worker share. Immutable: each method that sets something returns another type.
 *
 * <pre>{@code
 * static final JobType<Email> SEND_EMAIL = JobType.of("send-email", Email.class)
 *         .maxAttempts(5)
 *         .timeout(Duration.ofMinutes(2))
 *         .nonRetryable(AddressException.class);
 * }</pre>
 *
 * <p>Queue, priority, attempts, backoff and timeout go into the job when it is enqueued, and stay what they were then. What
 * is done about a failure and about an old payload is asked of the type that the worker's handler was registered with.
 */
public final class JobType<T> {
    /** The header that carries the payload's version; a job without it has version 1. */
    public static final String VERSION_HEADER = "pulse-version";

    private final String name;
    private final Class<T> payload;
    private final Defaults defaults;
    private final Failures failures;
    private final Versions versions;

    private record Defaults(
            @Nullable String queue,
            @Nullable Integer priority,
            @Nullable Integer maxAttempts,
            @Nullable Backoff backoff,
            @Nullable Duration timeout) {}

    /** What the worker does about an exception. */
    record Failures(
            List<Predicate<? super Throwable>> nonRetryable,
            @Nullable RetryBackoff backoff) {}

    /** How the worker makes the present payload of an old one. */
    record Versions(int current, Map<Integer, PayloadUpcaster> upcasters) {}

    private JobType(String name, Class<T> payload, Defaults defaults, Failures failures, Versions versions) {
        this.name = name;
        this.payload = payload;
        this.defaults = defaults;
        this.failures = failures;
        this.versions = versions;
    }

    /**
     * A type with no settings of its own.
     *
     * @param name 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
     * @param payload the class that the codec writes and reads
     */
    public static <T> JobType<T> of(String name, Class<T> payload) {
        return new JobType<>(
                checked("job type", name),
                payload,
                new Defaults(null, null, null, null, null),
                new Failures(List.of(), null),
                new Versions(1, Map.of()));
    }

    /** A type whose payload stays as it is; also for jobs without one. */
    public static JobType<Payload> of(String name) {
        return of(name, Payload.class);
    }

    public String name() {
        return name;
    }

    public Class<T> payload() {
        return payload;
    }

    // ---- what goes into the job

    /** Where its jobs line up; 1 to 128 of {@code A-Z a-z 0-9 . _ : -}. */
    public JobType<T> queue(String queue) {
        return with(new Defaults(
                checked("queue", queue), defaults.priority, defaults.maxAttempts, defaults.backoff, defaults.timeout));
    }

    /** Higher first. */
    public JobType<T> priority(int priority) {
        return with(new Defaults(defaults.queue, priority, defaults.maxAttempts, defaults.backoff, defaults.timeout));
    }

    /** Charged attempts before a failing job is dead-lettered, 1 to 1,000. */
    public JobType<T> maxAttempts(int attempts) {
        require(
                attempts >= Policy.MIN_ATTEMPTS && attempts <= Policy.MAX_ATTEMPTS,
                "max attempts: " + Policy.MIN_ATTEMPTS + " to " + Policy.MAX_ATTEMPTS + " are allowed, got "
                        + attempts);
        return with(new Defaults(defaults.queue, defaults.priority, attempts, defaults.backoff, defaults.timeout));
    }

    /** How long a failed job waits. */
    public JobType<T> backoff(Backoff backoff) {
        return with(new Defaults(defaults.queue, defaults.priority, defaults.maxAttempts, backoff, defaults.timeout));
    }

    /** Longest run of one attempt; above 0. */
    public JobType<T> timeout(Duration timeout) {
        require(
                timeout.isPositive() && timeout.compareTo(Durations.MAX) <= 0,
                "timeout: above 0s and at most " + Durations.MAX.toDays() + "d, got " + timeout);
        return with(new Defaults(defaults.queue, defaults.priority, defaults.maxAttempts, defaults.backoff, timeout));
    }

    // ---- what the worker does about a failure

    /** Exceptions of these classes dead-letter the job at once: no further attempt can help. */
    @SafeVarargs
    public final JobType<T> nonRetryable(Class<? extends Throwable>... classes) {
        List<Class<? extends Throwable>> all = new ArrayList<>();
        for (Class<? extends Throwable> one : classes) {
            all.add(one);
        }
        return nonRetryable(thrown -> all.stream().anyMatch(one -> one.isInstance(thrown)));
    }

    /**
     * Exceptions of which this holds dead-letter the job at once. It is asked of what the handler threw, not of its causes.
     * Where it throws itself, the failure is retried as any other, and the log says so once.
     */
    public JobType<T> nonRetryable(Predicate<? super Throwable> rule) {
        List<Predicate<? super Throwable>> rules = new ArrayList<>(failures.nonRetryable);
        rules.add(rule);
        return new JobType<>(name, payload, defaults, new Failures(List.copyOf(rules), failures.backoff), versions);
    }

    /** How long a failed job waits, computed by the worker in place of the job's own backoff. */
    public JobType<T> backoff(RetryBackoff function) {
        return new JobType<>(name, payload, defaults, new Failures(failures.nonRetryable, function), versions);
    }

    // ---- what the worker does about an old payload

    /**
     * The version of the payload that this class is; 1 where nothing is said. It travels in the header
     * {@value #VERSION_HEADER}. A worker that meets a version above its own parks the job as unreadable.
     */
    public JobType<T> version(int version) {
        require(version >= 1, "version: 1 or more, got " + version);
        return new JobType<>(name, payload, defaults, failures, new Versions(version, versions.upcasters));
    }

    /** Turns a payload of version {@code from} into one of the next version, before it is read. */
    public JobType<T> upcast(int from, PayloadUpcaster upcaster) {
        require(from >= 1, "version: 1 or more, got " + from);
        Map<Integer, PayloadUpcaster> all = new TreeMap<>(versions.upcasters);
        require(all.put(from, upcaster) == null, "version " + from + " has an upcaster already");
        return new JobType<>(name, payload, defaults, failures, new Versions(versions.current, Map.copyOf(all)));
    }

    // ---- for the runtime

    /** Sets what the caller may still override. */
    void applyTo(SubmissionBuilder builder) {
        if (defaults.queue != null) {
            builder.queue(defaults.queue);
        }
        if (defaults.priority != null) {
            builder.priority(defaults.priority);
        }
        if (defaults.maxAttempts != null) {
            builder.maxAttempts(defaults.maxAttempts);
        }
        if (defaults.backoff != null) {
            builder.backoff(defaults.backoff);
        }
        if (defaults.timeout != null) {
            builder.timeout(defaults.timeout);
        }
    }

    Failures failures() {
        return failures;
    }

    Versions versions() {
        return versions;
    }

    private JobType<T> with(Defaults changed) {
        return new JobType<>(name, payload, changed, failures, versions);
    }

    private static String checked(String what, String name) {
        require(
                Limits.NAME.matcher(name).matches(),
                "not a " + what + ": \"" + name + "\"; 1 to " + Limits.MAX_NAME
                        + " of A-Z a-z 0-9 . _ : - are allowed");
        return name;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Name and class: what the type sets is not part of what it is. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobType<?> that && name.equals(that.name) && payload.equals(that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + payload.hashCode();
    }

    @Override
    public String toString() {
        return name + "(" + payload.getSimpleName() + ")";
    }
}
