package dev.pulse.engine;

/**
 * How the transactions of callers were followed since the start.
 *
 * @param watched transactions that were taken in
 * @param overflowed enqueues left to the poll because too many transactions were open
 * @param gaveUp transactions left to the poll because they stayed open for too long
 * @param asks statements that asked how transactions ended
 * @param committed transactions seen to commit
 * @param rolledBack transactions seen to roll back
 */
public record CommitStats(long watched, long overflowed, long gaveUp, long asks, long committed, long rolledBack) {}
