package dev.pulse.store;

import dev.pulse.model.ScheduleInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule to be looked at, held until its {@link Firing} is stored.
 *
 * @param now the store's clock
 * @param before the schedule's job before; null where there was none, where it is deleted, or where nobody needs to know
 */
public record Due(
        ScheduleInfo schedule, Instant now, @Nullable Before before) {
    /**
     * The job that the schedule made last.
     *
     * @param live whether it may still run: not final, and, if somebody has it, with a lease that holds
     * @param finishedAt when it became final; null before
     */
    public record Before(boolean live, @Nullable Instant finishedAt) {}
}
