package dev.pulse.store;

import dev.pulse.model.BulkOperation;
import java.util.Set;
import java.util.UUID;

/**
 * One chunk of a bulk operation, committed.
 *
 * @param operation as it stands after the chunk
 * @param lanes the lanes that got work
 * @param ended the jobs that became final, or are gone
 * @param sessions the sessions that have to be told of a cancel
 */
public record BulkStep(BulkOperation operation, Set<Integer> lanes, Set<UUID> ended, Set<UUID> sessions) {}
