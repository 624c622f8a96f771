package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act on all jobs that match, done chunk by chunk by whichever replica comes first, so that it outlives a crash of the
 * server that took it in and the connection of whoever asked.
 *
 * @param rate most jobs a second, or null for as fast as it goes
 * @param result what it has done so far
 * @param actor who asked for it
 * @param startedAt jobs submitted after this moment are never touched
 * @param finishedAt null while it runs
 */
public record BulkOperation(
        UUID id,
        BulkAction action,
        JobFilter filter,
        @Nullable Integer rate,
        BulkState state,
        BulkResult result,
        String actor,
        Instant startedAt,
        @Nullable Instant finishedAt) {}
