package dev.pulse.model;

import java.time.Instant;

/**
 * One stored line of a job's log.
 *
 * @param n grows from line to line of one job; what a follower has seen
 * @param attempt the attempt that wrote it
 * @param at when it was written, by the database clock
 */
public record LogLine(long n, int attempt, Instant at, LogLevel level, String message) {}
