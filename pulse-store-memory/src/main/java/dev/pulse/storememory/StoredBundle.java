package dev.pulse.storememory;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One bundle: what was submitted, its counts, and what was made of them. Touched under the lock of {@link Tables}. */
final class StoredBundle {
    final BundleSubmission submitted;
    final @Nullable UUID parent;
    final UUID contentHash;
    final Instant createdAt;

    /** What {@link BundleStatus#next} decided last. */
    BundleStatus decided = BundleStatus.OPEN;

    @Nullable
    Instant finishedAt;

    /** It was finished once in its life: told then, and never again. */
    boolean settled;
    /** A member left its final status since the last decision. */
    boolean reopened;
    /** A member was dead-lettered since the last decision. */
    boolean buried;

    private final Map<BundleEvent, Call> calls = new EnumMap<>(BundleEvent.class);
    private int total;
    private int completed;
    private int deadLettered;
    private int canceled;

    StoredBundle(BundleTree.Node node, UUID contentHash, Instant now) {
        this.submitted = node.bundle();
        this.parent = node.parent();
        this.contentHash = contentHash;
        this.createdAt = now;
        this.total = node.total();
    }

    /** A callback that was submitted. */
    private record Call(UUID job, Instant at) {}

    UUID id() {
        return submitted.id();
    }

    BundleCounts counts() {
        return new BundleCounts(total, completed, deadLettered, canceled);
    }

    /** As everybody sees it: open again the moment that a member is. */
    BundleStatus status() {
        return counts().unfinished() > 0 ? BundleStatus.OPEN : decided;
    }

    /** A member went from one status to another; null stands for a status that is not final. */
    void moved(@Nullable JobStatus was, @Nullable JobStatus becomes) {
        add(was, -1);
        add(becomes, 1);
        reopened |= was != null;
        buried |= becomes == JobStatus.DEAD_LETTERED;
    }

    /** A member with this final status, or null, was deleted. */
    void lost(@Nullable JobStatus was) {
        add(was, -1);
        total--;
    }

    private void add(@Nullable JobStatus status, int n) {
        switch (status) {
            case COMPLETED -> completed += n;
            case DEAD_LETTERED -> deadLettered += n;
            case CANCELED -> canceled += n;
            case null, default -> {}
        }
    }

    @Nullable
    Submission callback(BundleEvent event) {
        return calls.containsKey(event) ? null : submitted.callbacks().get(event);
    }

    void called(BundleEvent event, UUID job, Instant now) {
        calls.put(event, new Call(job, now));
    }

    Bundle snapshot() {
        List<Bundle.Callback> callbacks = new ArrayList<>();
        submitted.callbacks().forEach((event, job) -> {
            Call call = calls.get(event);
            callbacks.add(
                    call == null
                            ? new Bundle.Callback(event, job.id(), job.type(), null)
                            : new Bundle.Callback(event, call.job(), job.type(), call.at()));
        });
        return new Bundle(
                id(),
                submitted.type(),
                submitted.origin(),
                parent,
                status(),
                counts(),
                callbacks,
                createdAt,
                status().isFinal() ? finishedAt : null);
    }
}
