package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * Which schedules a list shows; null matches all.
 *
 * @param name the one of this name
 */
public record ScheduleFilter(
        @Nullable ScheduleStatus status,
        @Nullable String type,
        @Nullable String queue,
        @Nullable String name) {
    public static final ScheduleFilter ALL = new ScheduleFilter(null, null, null, null);
}
