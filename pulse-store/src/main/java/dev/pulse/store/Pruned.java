package dev.pulse.store;

/**
 * What one step of pruning did.
 *
 * @param days that were dropped whole
 * @param moved jobs that were moved aside because they must outlive their day
 * @param removed jobs that lay beside the days and outlived their retention
 * @param more whether another step would find something to do
 * @param blocked why the oldest day could not be dropped this time; empty for no trouble
 */
public record Pruned(int days, int moved, int removed, boolean more, String blocked) {
    public static final Pruned NOTHING = new Pruned(0, 0, 0, false, "");
}
