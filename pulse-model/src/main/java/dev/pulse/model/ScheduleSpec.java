package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * A schedule as it was asked for.
 *
 * @param name unique among all schedules, the alphabet of job types; null for none
 * @param job what each occurrence submits: its id, time and key are not used, each job gets an id of its own
 */
public record ScheduleSpec(@Nullable String name, Submission job, Timing timing, Misfire misfire, Overlap overlap) {}
