package dev.pulse.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a job whose attempt ended: a legal move, with a wait exactly where the status reached has one (I7).
 *
 * @param transition the move; never SUBMIT, CLAIM, PROMOTE, CANCEL or REQUEUE
 * @param to the status reached
 * @param delay how long a retrying or scheduled job waits, by the database clock; null otherwise
 * @param charged the budget used from here on
 * @param crashes the lapses in a row from here on
 * @param error what the history keeps
 * @param result what the job keeps
 */
public record Decision(
        Transition transition,
        JobStatus to,
        OutcomeKind outcome,
        @Nullable Duration delay,
        int charged,
        int crashes,
        @Nullable AttemptError error,
        @Nullable Payload result) {
    public Decision {
        if (!transition.isLegalFrom(JobStatus.RUNNING) || !transition.to().contains(to)) {
            throw new IllegalArgumentException(transition + " does not lead from running to " + to);
        }
        if (to.isDue() != (delay != null)) {
            throw new IllegalArgumentException(to + " with delay " + delay);
        }
    }
}
