package dev.pulse.storememory;

import dev.pulse.model.Fire;
import dev.pulse.model.ScheduleInfo;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A schedule with what it fired. Touched under the lock of {@link Tables}. */
final class StoredSchedule {
    ScheduleInfo schedule;
    /** When somebody has to look; null: never. */
    @Nullable
    Instant lookAt;
    /** Of the last fire by the rule. */
    @Nullable
    UUID lastJob;

    /** By planned instant: one job each (I6). */
    final NavigableMap<Instant, Fire> fires = new TreeMap<>();

    StoredSchedule(ScheduleInfo schedule) {
        this.schedule = schedule;
        this.lookAt = schedule.nextAt();
    }
}
