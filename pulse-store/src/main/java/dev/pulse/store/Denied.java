package dev.pulse.store;

import dev.pulse.model.Caller;

/**
 * What somebody asked for and may not do.
 *
 * @param target as the caller named it; empty where it named nothing
 * @param times how often since it was told before, at least 1
 */
public record Denied(Caller by, String action, String target, long times) {}
