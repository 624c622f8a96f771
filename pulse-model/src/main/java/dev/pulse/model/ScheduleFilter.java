package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * Which schedules a list shows; null matches all.
 *
 * @param name the one of this name
 * @param within where its jobs go
 */
public record ScheduleFilter(
        @Nullable ScheduleStatus status,
        @Nullable String type,
        @Nullable String queue,
        @Nullable String name,
        QueueSet within) {
    public static final ScheduleFilter ALL = new ScheduleFilter(null, null, null, null);

    /** With jobs in any queue. */
    public ScheduleFilter(
            @Nullable ScheduleStatus status, @Nullable String type, @Nullable String queue, @Nullable String name) {
        this(status, type, queue, name, QueueSet.ALL);
    }

    /** Those of them whose jobs go to these queues. */
    public ScheduleFilter within(QueueSet queues) {
        return new ScheduleFilter(status, type, queue, name, queues);
    }
}
