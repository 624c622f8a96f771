package dev.pulse.sdk;

import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.IdSource;
import dev.pulse.model.Submission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What goes into a bundle; see {@link Pulse#bundle}. Not thread-safe. */
public final class BundleDraft {
    private final Encoder encoder;
    private final IdSource ids;
    private final String type;
    private final List<Submission> jobs = new ArrayList<>();
    private final List<BundleSubmission> bundles = new ArrayList<>();
    private final Map<BundleEvent, Submission> callbacks = new EnumMap<>(BundleEvent.class);
    private @Nullable UUID id;
    private @Nullable String origin;

    /** Makes a submission of a typed payload. */
    @FunctionalInterface
    interface Encoder {
        <T> Submission encode(JobType<T> type, T payload, Consumer<EnqueueOptions> options);
    }

    BundleDraft(Encoder encoder, IdSource ids, String type) {
        this.encoder = encoder;
        this.ids = ids;
        this.type = type;
    }

    /** The caller's own id: sending the same id and content again gives the same bundle. */
    public BundleDraft id(UUID value) {
        id = value;
        return this;
    }

    /** Free text that names the submitter. */
    public BundleDraft origin(String value) {
        origin = value;
        return this;
    }

    /** Adds a member. */
    public <T> BundleDraft add(JobType<T> type, T payload) {
        return add(type, payload, options -> {});
    }

    public <T> BundleDraft add(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        jobs.add(encoder.encode(type, payload, options));
        return this;
    }

    /** Adds a bundle as one member. */
    public BundleDraft add(String type, Consumer<BundleDraft> members) {
        BundleDraft inner = new BundleDraft(encoder, ids, type);
        members.accept(inner);
        bundles.add(inner.build());
        return this;
    }

    /** Becomes exactly one job when every member is final, however they ended. It is no member. */
    public <T> BundleDraft onComplete(JobType<T> type, T payload) {
        return call(BundleEvent.COMPLETE, type, payload, options -> {});
    }

    public <T> BundleDraft onComplete(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return call(BundleEvent.COMPLETE, type, payload, options);
    }

    /** Becomes one job when every member has completed, be it after a requeue. */
    public <T> BundleDraft onSuccess(JobType<T> type, T payload) {
        return call(BundleEvent.SUCCESS, type, payload, options -> {});
    }

    public <T> BundleDraft onSuccess(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return call(BundleEvent.SUCCESS, type, payload, options);
    }

    /** Becomes one job when the first member is dead-lettered; others may still run then. */
    public <T> BundleDraft onDeadLetter(JobType<T> type, T payload) {
        return call(BundleEvent.DEAD_LETTER, type, payload, options -> {});
    }

    public <T> BundleDraft onDeadLetter(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return call(BundleEvent.DEAD_LETTER, type, payload, options);
    }

    private <T> BundleDraft call(BundleEvent event, JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        if (callbacks.putIfAbsent(event, encoder.encode(type, payload, options)) != null) {
            throw new IllegalStateException(event.field() + " is set already");
        }
        return this;
    }

    BundleSubmission build() {
        return new BundleSubmission(id == null ? ids.next() : id, type, origin, jobs, bundles, callbacks);
    }
}
