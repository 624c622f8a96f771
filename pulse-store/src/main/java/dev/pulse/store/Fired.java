package dev.pulse.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the due schedules did.
 *
 * @param schedules how many were looked at
 * @param jobs what was stored for them
 * @param untilNext how long until the next one wants a look, zero or less where more are due; null where none will be
 * @param latest the longest time that an occurrence waited past its instant for its job; zero where there was none
 */
public record Fired(
        int schedules, List<Inserted.Stored> jobs, @Nullable Duration untilNext, Duration latest) {
    public Fired {
        jobs = List.copyOf(jobs);
    }
}
