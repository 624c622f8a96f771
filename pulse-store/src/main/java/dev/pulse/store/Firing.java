package dev.pulse.store;

import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one schedule that is due.
 *
 * @param made the occurrences that make jobs, in their order; at most {@value #MOST}
 * @param more what else is counted; its {@code fired} is left out: the store counts the jobs that it stored
 * @param status {@code ACTIVE}, {@code PARKED} or {@code ENDED}
 * @param fault why it is parked
 * @param anchor what the rule counts from after this
 * @param cursor every occurrence up to this instant is decided now
 * @param nextAt the next one; null where the status is not {@code ACTIVE}
 * @param waiting whether the next one is due and kept for the end of the job before it
 * @param lookIn when to look at the schedule again where that is not at {@code nextAt}
 */
public record Firing(
        List<Occurrence> made,
        ScheduleCounts more,
        ScheduleStatus status,
        @Nullable String fault,
        Instant anchor,
        Instant cursor,
        @Nullable Instant nextAt,
        boolean waiting,
        @Nullable Duration lookIn) {
    public static final int MOST = 1_000;

    public Firing {
        made = List.copyOf(made);
        if (made.size() > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " jobs at once, got " + made.size());
        }
        if ((nextAt != null) != (status == ScheduleStatus.ACTIVE)) {
            throw new IllegalArgumentException("status " + status + " with next occurrence " + nextAt);
        }
    }

    /**
     * One occurrence that makes a job.
     *
     * @param coalesced how many missed ones it makes up for besides
     */
    public record Occurrence(Instant at, long coalesced, Submission job) {}
}
