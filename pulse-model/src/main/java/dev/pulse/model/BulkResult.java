package dev.pulse.model;

/**
 * What a bulk action did.
 *
 * @param matched jobs that the filter found
 * @param changed jobs that the action was legal for; 0 on a dry run
 */
public record BulkResult(long matched, long changed) {}
