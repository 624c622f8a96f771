package dev.pulse.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a bulk action did, or has done so far.
 *
 * @param matched jobs that the filter found
 * @param changed jobs that the action was legal for; 0 on a dry run. A running job whose worker was asked to cancel counts
 * @param skipped why the others were left as they are, and how many for each reason: {@code status_…}, {@code key_taken},
 *     {@code gone}
 * @param finished whether that is all: an action goes on after the answer, and a dry run stops counting after a while
 * @param operation the operation to ask for later; null for a dry run
 */
public record BulkResult(
        long matched,
        long changed,
        SortedMap<String, Long> skipped,
        boolean finished,
        @Nullable UUID operation) {
    public BulkResult {
        skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
    }

    /** A whole result, nothing skipped. */
    public BulkResult(long matched, long changed) {
        this(matched, changed, new TreeMap<>(), true, null);
    }
}
