package dev.pulse.embedded;

import dev.pulse.engine.Bundles;
import dev.pulse.json.JsonText;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.sdk.BundleClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bundles as their owners see them, over an engine in the same process. Stop 1 of the path; on the caller's thread. */
final class EngineBundles implements BundleClient {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The engine cuts a longer wait; a caller who wants more asks again here. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final int MAX_PAGE = 1_000;

    private final Bundles bundles;
    private final String actor;
    private final Limits limits;
    private final Turns turns;

    EngineBundles(Bundles bundles, String actor, Limits limits, Turns turns) {
        this.bundles = bundles;
        this.actor = actor;
        this.limits = limits;
        this.turns = turns;
    }

    @Override
    public SubmittedBundle submitBundle(BundleSubmission bundle) {
        BundleTree tree = BundleTree.of(bundle, BundleTree.MAX_JOBS);
        check(tree);
        Bundles.SubmittedBundle submitted = bundles.submit(tree);
        return new SubmittedBundle(submitted.bundle(), submitted.duplicate());
    }

    /** What a server's doors check of a payload, this door checks, too: its size, and that JSON is JSON. */
    private void check(BundleTree tree) {
        List<Violation> oversize = new ArrayList<>();
        List<Violation> faults = new ArrayList<>();
        tree.members().forEach(member -> check(member.path(), member.job(), faults, oversize));
        tree.nodes()
                .forEach(node -> node.bundle()
                        .callbacks()
                        .forEach((event, job) -> check(node.path() + event.field() + ".", job, faults, oversize)));
        if (!faults.isEmpty()) {
            faults.addAll(oversize);
            throw PulseException.invalid(faults);
        }
        if (!oversize.isEmpty()) {
            throw PulseException.of(ErrorCode.PAYLOAD_TOO_LARGE, oversize);
        }
    }

    private void check(String path, Submission job, List<Violation> faults, List<Violation> oversize) {
        if (job.payload().size() > limits.payloadBytes()) {
            oversize.add(
                    new Violation(path + "payload", job.payload().size() + " bytes, at most " + limits.payloadBytes()));
        } else if (job.payload().isJson()) {
            JsonText.fault(job.payload().bytes())
                    .ifPresent(fault -> faults.add(
                            new Violation(path + "payload", fault + "; other bytes need a content type of their own")));
        }
    }

    @Override
    public Optional<Bundle> findBundle(UUID id) {
        return bundles.find(id);
    }

    @Override
    public Bundle awaitBundle(UUID id, Duration timeout) {
        Duration left = timeout.isNegative() ? Duration.ZERO : timeout;
        while (true) {
            Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
            Bundle bundle =
                    turns.await(bundles.await(id, wait), wait.plus(PATIENCE)).orElseThrow(() -> Bundles.notFound(id));
            left = left.minus(wait);
            if (bundle.status().isFinal() || left.isZero()) {
                return bundle;
            }
        }
    }

    @Override
    public BundlePage listBundles(BundleFilter filter, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw PulseException.invalid("limit", "1 to " + MAX_PAGE + " are allowed, got " + limit);
        }
        return bundles.list(filter, limit, cursor);
    }

    @Override
    public Bundle cancelBundle(UUID id) {
        return bundles.cancel(id, Caller.internal(actor));
    }

    @Override
    public void deleteBundle(UUID id) {
        bundles.delete(id, Caller.internal(actor));
    }
}
