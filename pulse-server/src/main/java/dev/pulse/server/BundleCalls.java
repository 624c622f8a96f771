package dev.pulse.server;

import dev.pulse.engine.Bundles.SubmittedBundle;
import dev.pulse.json.JsonText;
import dev.pulse.json.ListQuery;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleTree;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireBundles;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What the gRPC door does with bundles; called where blocking is allowed. */
final class BundleCalls {
    private final Desks desks;
    private final Limits limits;
    private final IdSource ids;

    BundleCalls(Desks desks, Limits limits, IdSource ids) {
        this.desks = desks;
        this.limits = limits;
        this.ids = ids;
    }

    Wire.CreateBundleResponse create(Wire.CreateBundleRequest request) {
        BundleTree tree = BundleTree.of(WireBundles.submission(request.getBundle(), limits, ids), BundleTree.MAX_JOBS);
        requireJson(tree);
        SubmittedBundle submitted = desks.current().bundles().submit(tree);
        return Wire.CreateBundleResponse.newBuilder()
                .setBundle(WireBundles.bundle(submitted.bundle()))
                .setDuplicate(submitted.duplicate())
                .build();
    }

    /** A payload that says it is JSON is shown as such by other doors, so it has to be. */
    private static void requireJson(BundleTree tree) {
        List<Violation> faults = new ArrayList<>();
        tree.members().forEach(member -> check(member.path() + "payload", member.job(), faults));
        tree.nodes()
                .forEach(node -> node.bundle()
                        .callbacks()
                        .forEach((event, job) -> check(node.path() + event.field() + ".payload", job, faults)));
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
    }

    private static void check(String field, dev.pulse.model.Submission job, List<Violation> faults) {
        if (job.payload().isJson()) {
            JsonText.fault(job.payload().bytes())
                    .ifPresent(fault ->
                            faults.add(new Violation(field, fault + "; other bytes need a content_type of their own")));
        }
    }

    Wire.Bundle get(String id) {
        return WireBundles.bundle(desks.current().bundles().get(id(id)));
    }

    Wire.Bundle cancel(String id) {
        return WireBundles.bundle(desks.current().bundles().cancel(id(id)));
    }

    void delete(String id) {
        desks.current().bundles().delete(id(id));
    }

    CompletableFuture<Wire.Bundle> await(String text, Duration timeout) {
        return desks.current().bundles().await(id(text), timeout).thenApply(WireBundles::bundle);
    }

    Wire.ListBundlesResponse list(Wire.ListBundlesRequest request) {
        int limit = request.hasLimit() ? request.getLimit() : ListQuery.DEFAULT_LIMIT;
        if (limit < ListQuery.MIN_LIMIT || limit > ListQuery.MAX_LIMIT) {
            throw PulseException.invalid(
                    "limit", ListQuery.MIN_LIMIT + " to " + ListQuery.MAX_LIMIT + " are allowed, got " + limit);
        }
        BundlePage page = desks.current()
                .bundles()
                .list(WireBundles.filter(request.getFilter()), limit, request.hasCursor() ? request.getCursor() : null);
        Wire.ListBundlesResponse.Builder response = Wire.ListBundlesResponse.newBuilder();
        for (Bundle bundle : page.items()) {
            response.addItems(WireBundles.bundle(bundle));
        }
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    private static UUID id(String text) {
        return WireValues.id("id", text);
    }
}
