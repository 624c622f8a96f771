package dev.pulse.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a {@link Pulse} works; what is left out gets the default. Not thread-safe. */
public final class PulseOptions {
    private static final int MAX_APPLICATION = 100;

    private String name;
    private String application = "default";
    private int concurrency = WorkerConfig.DEFAULT_CONCURRENCY;
    private Set<String> queues = Set.of();
    private Duration leaseTtl;
    private Duration drainTimeout;
    private Duration stopGrace;
    private WorkerListener listener;
    private @Nullable Tracing tracing;
    private final List<PayloadCodec> codecs = new ArrayList<>();
    private final List<PayloadTransform> transforms = new ArrayList<>();

    PulseOptions(WorkerConfig defaults, WorkerListener listener) {
        this.name = defaults.name();
        this.leaseTtl = defaults.leaseTtl();
        this.drainTimeout = defaults.drainTimeout();
        this.stopGrace = defaults.stopGrace();
        this.listener = listener;
    }

    /** The worker's name for people; by default made of host and process. */
    public PulseOptions name(String value) {
        name = value;
        return this;
    }

    /**
     * The application that declares schedules ({@link Pulse#schedule}): the same in every process of it, another one for each
     * application on the same database, so that none takes the schedules of another for its own that have gone missing. By
     * default {@code default}.
     *
     * @param value 1 to 100 characters, no control characters
     */
    public PulseOptions application(String value) {
        if (value.isBlank() || value.length() > MAX_APPLICATION || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("application: 1 to " + MAX_APPLICATION
                    + " characters without control characters are allowed, got \"" + value + "\"");
        }
        application = value;
        return this;
    }

    /** Handlers that run at once. */
    public PulseOptions concurrency(int slots) {
        concurrency = slots;
        return this;
    }

    /** Where work is taken from; by default everywhere. */
    public PulseOptions queues(String... names) {
        queues = Set.of(names);
        return this;
    }

    /** How long the worker may be silent before its jobs go to others. */
    public PulseOptions leaseTtl(Duration ttl) {
        leaseTtl = ttl;
        return this;
    }

    /** How long {@link Pulse#close} waits for running handlers before it interrupts them. */
    public PulseOptions drainTimeout(Duration timeout) {
        drainTimeout = timeout;
        return this;
    }

    /** How long an interrupted handler may take to end. */
    public PulseOptions stopGrace(Duration grace) {
        stopGrace = grace;
        return this;
    }

    /** Is told what the worker does, in place of the log. */
    public PulseOptions listener(WorkerListener told) {
        listener = told;
        return this;
    }

    /** Follows jobs, in place of what was found on the class path. */
    public PulseOptions tracing(Tracing value) {
        tracing = value;
        return this;
    }

    /** Goes before the codecs that were found on the class path. */
    public PulseOptions codec(PayloadCodec codec) {
        codecs.add(codec);
        return this;
    }

    /**
     * Changes the bytes of payloads and results, after those named before: compress first, then encrypt. Workers that are
     * to read what this process sends need the same transforms.
     */
    public PulseOptions transform(PayloadTransform transform) {
        transforms.add(transform);
        return this;
    }

    WorkerConfig worker() {
        return new WorkerConfig(name, concurrency, queues, leaseTtl, drainTimeout, stopGrace);
    }

    String application() {
        return application;
    }

    /** What was given, else what is on the class path, else nothing. */
    Tracing tracing() {
        return tracing != null
                ? tracing
                : ServiceLoader.load(Tracing.class).findFirst().orElse(Tracing.NONE);
    }

    WorkerListener listener() {
        return listener;
    }

    List<PayloadTransform> transforms() {
        return transforms;
    }

    List<PayloadCodec> codecs() {
        return codecs;
    }
}
