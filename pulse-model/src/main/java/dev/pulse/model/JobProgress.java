package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * How far an attempt has come, as it says itself.
 *
 * @param attempt which one; another attempt of the job starts from nothing
 * @param percent 0 to 100
 * @param text for a person, or null
 */
public record JobProgress(
        int attempt, int percent, @Nullable String text) {}
