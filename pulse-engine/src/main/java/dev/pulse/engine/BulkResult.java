package dev.pulse.engine;

/**
 * What a bulk action did.
 *
 * @param matched jobs that the filter found
 * @param changed jobs for which the action was legal and was done; 0 in a dry run
 */
public record BulkResult(long matched, long changed) {}
