package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Bundles;
import dev.pulse.engine.Bundles.SubmittedBundle;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Bundles. One is the caller's whose jobs are all in the caller's queues, those of the bundles in it and its callbacks
 * included; any other is answered like one that is not there. May block.
 */
final class BundleDesk {
    private final Bundles bundles;
    private final Access access;

    BundleDesk(Bundles bundles, Access access) {
        this.bundles = bundles;
        this.access = access;
    }

    SubmittedBundle submit(BundleTree tree) {
        List<QueueRights.Place> places = new ArrayList<>();
        tree.members().forEach(member -> places.add(new QueueRights.Place(member.path(), member.job())));
        tree.nodes()
                .forEach(node -> node.bundle()
                        .callbacks()
                        .forEach((event, job) ->
                                places.add(new QueueRights.Place(node.path() + event.field() + ".", job))));
        QueueRights.requireAll(access, places);
        return bundles.submit(tree);
    }

    Bundle get(UUID id) {
        requireMine(id);
        return bundles.require(id);
    }

    /** The bundle once it is finished, or as it stands when the time is over. */
    CompletableFuture<Bundle> await(UUID id, Duration timeout) {
        requireMine(id); // at once: how long an answer takes would tell what is there
        return bundles.await(id, timeout).thenApply(found -> found.orElseThrow(() -> Bundles.notFound(id)));
    }

    BundlePage list(BundleFilter filter, int limit, @Nullable String cursor) {
        return bundles.list(filter.within(access.queues()), limit, cursor);
    }

    Bundle cancel(UUID id) {
        requireMine(id);
        return bundles.cancel(id, access.caller());
    }

    Bundle delete(UUID id) {
        requireMine(id);
        return bundles.delete(id, access.caller());
    }

    /** A bundle's queues never change. Whoever may use every queue pays nothing. */
    private void requireMine(UUID id) {
        if (!access.queues().isAll()
                && bundles.queues(id).filter(access.queues()::covers).isEmpty()) {
            throw Bundles.notFound(id);
        }
    }
}
