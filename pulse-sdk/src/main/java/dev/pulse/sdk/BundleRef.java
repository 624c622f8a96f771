package dev.pulse.sdk;

import dev.pulse.model.Bundle;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.UUID;

/** A bundle that was just submitted. Thread-safe. */
public final class BundleRef {
    private final BundleClient bundles;
    private final UUID id;
    private final boolean duplicate;

    BundleRef(BundleClient bundles, BundleClient.SubmittedBundle submitted) {
        this.bundles = bundles;
        this.id = submitted.bundle().id();
        this.duplicate = submitted.duplicate();
    }

    public UUID id() {
        return id;
    }

    /** Whether the bundle was there before: same id, same content. */
    public boolean isDuplicate() {
        return duplicate;
    }

    /**
     * The bundle as it stands now, with its counts.
     *
     * @throws PulseException BUNDLE_NOT_FOUND when it was deleted meanwhile
     */
    public Bundle status() {
        return bundles.findBundle(id)
                .orElseThrow(() -> new PulseException(ErrorCode.BUNDLE_NOT_FOUND, "no bundle has the id " + id));
    }

    /**
     * The bundle once every member is final, or as it stands when the time is over.
     *
     * @throws PulseException BUNDLE_NOT_FOUND when it was deleted meanwhile
     */
    public Bundle await(Duration timeout) {
        return bundles.awaitBundle(id, timeout);
    }

    /** Cancels what waits in it, and asks what runs to end. */
    public Bundle cancel() {
        return bundles.cancelBundle(id);
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
