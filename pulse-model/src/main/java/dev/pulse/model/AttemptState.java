package dev.pulse.model;

/**
 * What {@link OutcomePolicy} needs to know of a running attempt.
 *
 * @param charged attempts charged since submission or the last requeue, this one included
 * @param crashes lapses in a row before this attempt
 * @param cancelRequested whether somebody asked to cancel the job
 */
public record AttemptState(Policy policy, int charged, int crashes, boolean cancelRequested) {
    public AttemptState {
        if (charged < 1 || crashes < 0) {
            throw new IllegalArgumentException("a running attempt has charged >= 1 and crashes >= 0, got charged="
                    + charged + " crashes=" + crashes);
        }
    }
}
