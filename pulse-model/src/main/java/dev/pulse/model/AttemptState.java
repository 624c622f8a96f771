package dev.pulse.model;

/**
 * What {@link OutcomePolicy} needs to know of a running attempt.
 *
 * @param charged attempts charged since submission or the last requeue, this one included
 * @param crashes lapses in a row before this attempt
 * @param cancelRequested whether somebody asked to cancel the job
 */
public record AttemptState(Policy policy, int charged, int crashes, boolean cancelRequested) {}
