package dev.pulse.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long finished jobs stay, counted from their end. Jobs that are not finished stay whatever their age, and so do holders
 * of a key whose time to live is not over and members of a bundle that is open.
 *
 * @param completed above 0
 * @param canceled above 0
 * @param deadLettered above 0; null: until a person treats them
 * @param rollups how long the sums per minute stay, above 0
 * @param batchMax most jobs looked at, moved or removed in one statement
 */
public record Retention(
        Duration completed, Duration canceled, @Nullable Duration deadLettered, Duration rollups, int batchMax) {
    /** A day can go when this much has passed since its end. */
    public Duration shortest() {
        return completed.compareTo(canceled) < 0 ? completed : canceled;
    }
}
