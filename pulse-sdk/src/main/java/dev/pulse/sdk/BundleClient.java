package dev.pulse.sdk;

import dev.pulse.model.Bundle;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bundles as their owners see them. Every method blocks until the answer is there and throws {@link PulseException} with a
 * stable code. Thread-safe.
 */
public interface BundleClient {
    /**
     * What became of a submission.
     *
     * @param duplicate whether the bundle was there before: same id, same content
     */
    record SubmittedBundle(Bundle bundle, boolean duplicate) {}

    /**
     * Stores a bundle with all that is in it, or nothing; returns after the commit (I1). Sending the same submission again is
     * safe. At most {@link dev.pulse.model.BundleTree#MAX_JOBS} jobs.
     */
    SubmittedBundle submitBundle(BundleSubmission bundle);

    Optional<Bundle> findBundle(UUID id);

    /** The bundle once it is finished, or as it stands when the time is over. */
    Bundle awaitBundle(UUID id, Duration timeout);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1,000
     * @param cursor of the page before, or null for the first
     */
    BundlePage listBundles(BundleFilter filter, int limit, @Nullable String cursor);

    /** Waiting members are canceled, running ones end once their workers confirm. */
    Bundle cancelBundle(UUID id);

    /** With its members; not while one of them is unfinished. */
    void deleteBundle(UUID id);
}
