package dev.pulse.access;

/**
 * How signing in went since the start. What was remembered is not counted.
 *
 * @param accepted credentials that were checked and right
 * @param refused malformed, unknown, wrong, ended
 * @param delayed not looked at, because others failed before
 */
public record SignInCounts(long accepted, long refused, long delayed) {}
