package dev.pulse.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list shows; null and empty match all.
 *
 * @param tags every one must match
 * @param text found in the last error's message, ignoring case
 * @param since created at or after
 * @param until created before
 */
public record JobFilter(
        @Nullable JobStatus status,
        @Nullable String type,
        @Nullable String queue,
        Map<String, String> tags,
        @Nullable String origin,
        @Nullable String text,
        @Nullable Instant since,
        @Nullable Instant until) {
    public static final JobFilter ALL = new JobFilter(null, null, null, Map.of(), null, null, null, null);

    public JobFilter {
        tags = Map.copyOf(tags);
    }

    public JobFilter withStatus(JobStatus wanted) {
        return new JobFilter(wanted, type, queue, tags, origin, text, since, until);
    }

    /** Whether the filter lets everything through. */
    public boolean isEmpty() {
        return equals(ALL);
    }
}
