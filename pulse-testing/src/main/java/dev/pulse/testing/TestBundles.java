package dev.pulse.testing;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.sdk.BundleClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bundles of a test: notes their members, leaves out those that are ignored, and tells when something came in. */
final class TestBundles implements BundleClient {
    private final BundleClient bundles;
    private final Recorder recorder;
    private final Runnable onSubmitted;
    private final Runnable onAwait;
    private final InstantSource clock;
    private final Set<UUID> ignored = ConcurrentHashMap.newKeySet();

    /**
     * Over the real bundles.
     *
     * @param onSubmitted something that is not ignored came in, and is durable
     * @param onAwait somebody waits for a bundle
     */
    TestBundles(BundleClient bundles, Recorder recorder, InstantSource clock, Runnable onSubmitted, Runnable onAwait) {
        this.bundles = bundles;
        this.recorder = recorder;
        this.clock = clock;
        this.onSubmitted = onSubmitted;
        this.onAwait = onAwait;
    }

    /** Members and callbacks that are ignored are left out of the bundle, and the bundle itself where no member is left. */
    @Override
    public SubmittedBundle submitBundle(BundleSubmission bundle) {
        BundleTree whole = BundleTree.of(bundle, BundleTree.MAX_JOBS);
        BundleSubmission wanted = wanted(bundle);
        SubmittedBundle submitted =
                wanted == null ? new SubmittedBundle(leftOut(bundle), false) : bundles.submitBundle(wanted);
        if (!submitted.duplicate()) {
            whole.members().forEach(member -> recorder.note(member.job(), recorder.isIgnored(member.job())));
        }
        if (wanted == null) {
            ignored.add(bundle.id());
        } else {
            onSubmitted.run();
        }
        return submitted;
    }

    /** As if it had just been stored. */
    private Bundle leftOut(BundleSubmission bundle) {
        return new Bundle(
                bundle.id(),
                bundle.type(),
                bundle.origin(),
                null,
                BundleStatus.OPEN,
                new BundleCounts(bundle.jobs().size() + bundle.bundles().size(), 0, 0, 0),
                List.of(),
                clock.instant(),
                null);
    }

    private PulseException notFound(UUID id) {
        return new PulseException(
                ErrorCode.BUNDLE_NOT_FOUND,
                ignored.contains(id)
                        ? "this test ignored every member of the bundle " + id + ": there is no such bundle"
                        : "no bundle has the id " + id);
    }

    private @Nullable BundleSubmission wanted(BundleSubmission bundle) {
        List<Submission> jobs =
                bundle.jobs().stream().filter(job -> !recorder.isIgnored(job)).toList();
        List<BundleSubmission> inner = bundle.bundles().stream()
                .flatMap(one -> Optional.ofNullable(wanted(one)).stream())
                .toList();
        Map<BundleEvent, Submission> callbacks = new EnumMap<>(BundleEvent.class);
        callbacks.putAll(bundle.callbacks());
        callbacks.values().removeIf(recorder::isIgnored);
        return jobs.isEmpty() && inner.isEmpty()
                ? null
                : new BundleSubmission(bundle.id(), bundle.type(), bundle.origin(), jobs, inner, callbacks);
    }

    @Override
    public Optional<Bundle> findBundle(UUID id) {
        return bundles.findBundle(id);
    }

    /** Waiting takes no time here: what is ready runs, and then the bundle is answered as it stands. */
    @Override
    public Bundle awaitBundle(UUID id, Duration timeout) {
        onAwait.run();
        return bundles.findBundle(id).orElseThrow(() -> notFound(id));
    }

    @Override
    public BundlePage listBundles(BundleFilter filter, int limit, @Nullable String cursor) {
        return bundles.listBundles(filter, limit, cursor);
    }

    @Override
    public Bundle cancelBundle(UUID id) {
        if (ignored.contains(id)) {
            throw notFound(id);
        }
        return bundles.cancelBundle(id);
    }

    @Override
    public void deleteBundle(UUID id) {
        if (ignored.contains(id)) {
            throw notFound(id);
        }
        bundles.deleteBundle(id);
    }
}
