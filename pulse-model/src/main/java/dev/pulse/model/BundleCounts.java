package dev.pulse.model;

/**
 * How many members of a bundle there are, and how many stand in each final status (I10). A nested bundle is one member.
 *
 * @param total all members
 */
public record BundleCounts(int total, int completed, int deadLettered, int canceled) {
    /** Members that wait or run. */
    public int unfinished() {
        return total - completed - deadLettered - canceled;
    }
}
