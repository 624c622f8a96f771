package dev.pulse.model;

/**
 * One field at fault.
 *
 * @param field path of the field as the caller wrote it, for example {@code jobs[7].priority}
 * @param message what was wrong and what is allowed
 */
public record Violation(String field, String message) {}
