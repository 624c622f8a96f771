package dev.pulse.json;

import dev.pulse.model.BulkAction;
import dev.pulse.model.JobFilter;
import org.jspecify.annotations.Nullable;

/**
 * One act on all jobs that match.
 *
 * @param all whether a filter that may mean every job is meant so
 * @param rate most jobs a second, or null
 */
public record BulkRequest(
        BulkAction action,
        JobFilter filter,
        boolean dryRun,
        boolean all,
        @Nullable Integer rate) {}
