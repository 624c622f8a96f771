package dev.pulse.engine;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.BundleDeleted;
import dev.pulse.store.BundleInserted;
import dev.pulse.store.BundleStore;
import dev.pulse.store.MembersCanceled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bundles as the doors see them. Any thread; what answers at once asks the store on the caller's thread and may block.
 * Members are canceled, requeued and deleted as any job, through {@link Engine}.
 */
public final class Bundles {
    /** A member that changes hands while its bundle is canceled is met by the next pass. */
    private static final int MAX_PASSES = 5;

    private final BundleStore store;
    private final BundleConfig config;
    private final Arrivals arrivals;
    private final BundleFolder folder;
    private final WaitRoom<Bundle> waiters;
    private final Consumer<UUID> jobEnded;
    private final Consumer<Set<UUID>> tellSessions;

    /**
     * A submitted bundle.
     *
     * @param duplicate whether it was there before: same id, same content
     */
    public record SubmittedBundle(Bundle bundle, boolean duplicate) {}

    Bundles(
            BundleStore store,
            BundleConfig config,
            Arrivals arrivals,
            BundleFolder folder,
            WaitRoom<Bundle> waiters,
            Consumer<UUID> jobEnded,
            Consumer<Set<UUID>> tellSessions) {
        this.store = store;
        this.config = config;
        this.arrivals = arrivals;
        this.folder = folder;
        this.waiters = waiters;
        this.jobEnded = jobEnded;
        this.tellSessions = tellSessions;
    }

    /**
     * Stores a bundle with all that is in it; returns after the commit (I1).
     *
     * @throws PulseException ID_CONFLICT or KEY_CONFLICT naming every place that is taken; nothing is stored then
     */
    public SubmittedBundle submit(BundleTree tree) {
        BundleInserted inserted = store.insert(tree);
        boolean duplicate = inserted instanceof BundleInserted.Duplicate;
        if (inserted instanceof BundleInserted.Stored stored) {
            arrivals.follow(stored.members());
        }
        return new SubmittedBundle(require(tree.root().id()), duplicate);
    }

    public Optional<Bundle> find(UUID id) {
        return store.find(id);
    }

    /** The bundle; throws BUNDLE_NOT_FOUND where there is none. */
    public Bundle require(UUID id) {
        return store.find(id).orElseThrow(() -> notFound(id));
    }

    /** Where its jobs are; see {@link BundleStore#queues}. */
    public Optional<Set<String>> queues(UUID id) {
        return store.queues(id);
    }

    public BundlePage list(BundleFilter filter, int limit, @Nullable String cursor) {
        return store.list(filter, limit, cursor);
    }

    /** The bundle once it is finished, or as it stands when the time is over; empty for an unknown id. */
    public CompletableFuture<Optional<Bundle>> await(UUID id, Duration timeout) {
        return waiters.await(id, timeout);
    }

    /**
     * Cancels what waits in the bundle and in all bundles in it, and asks the workers of what runs; returns the bundle after
     * that.
     *
     * @param by for the history and the audit log
     * @throws PulseException BUNDLE_NOT_FOUND, or ILLEGAL_STATUS for a finished one
     */
    public Bundle cancel(UUID id, Caller by) {
        Bundle bundle = require(id);
        if (bundle.status().isFinal()) {
            throw illegal(bundle, "canceled");
        }
        List<UUID> tree = store.tree(id);
        int canceled = 1;
        Caller asking = by;
        for (int pass = 0; canceled > 0 && pass < MAX_PASSES; pass++) {
            canceled = cancelOnce(tree, asking);
            asking = silent(by);
        }
        folder.touched(tree);
        return require(id);
    }

    /** One act of a person is one entry of the audit log. */
    private static Caller silent(Caller by) {
        return Caller.internal(by.name());
    }

    private int cancelOnce(List<UUID> tree, Caller by) {
        int canceled = 0;
        MembersCanceled chunk = store.cancel(tree, null, config.cancelChunk(), by);
        while (chunk.last() != null) {
            canceled += chunk.canceled().size();
            chunk.canceled().forEach(jobEnded);
            tellSessions.accept(chunk.sessions());
            chunk = store.cancel(tree, chunk.last(), config.cancelChunk(), silent(by));
        }
        return canceled;
    }

    /**
     * Removes a finished bundle with its members; returns it as it was.
     *
     * @throws PulseException BUNDLE_NOT_FOUND, or ILLEGAL_STATUS while a member is unfinished
     */
    public Bundle delete(UUID id, Caller by) {
        Bundle bundle = require(id);
        switch (store.delete(id, by)) {
            case BundleDeleted.Done(Set<UUID> jobs, UUID parent) -> {
                jobs.forEach(jobEnded);
                waiters.ended(id);
                if (parent != null) {
                    folder.touched(List.of(parent));
                }
            }
            case BundleDeleted.NotFound() -> throw notFound(id);
            case BundleDeleted.Illegal illegal ->
                throw new PulseException(
                        ErrorCode.ILLEGAL_STATUS,
                        "bundle " + id + " is " + illegal.status().wireName()
                                + " and cannot be deleted; cancel it first, or wait for its members");
        }
        return bundle;
    }

    private static PulseException illegal(Bundle bundle, String verb) {
        return new PulseException(
                ErrorCode.ILLEGAL_STATUS,
                "bundle " + bundle.id() + " is " + bundle.status().wireName() + " and cannot be " + verb);
    }

    /** The refusal of an id that names no bundle. */
    public static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.BUNDLE_NOT_FOUND, "no bundle has the id " + id);
    }
}
